namespace Weir.Edge;

/// <summary>
/// The parts of Weir that are switched off while it runs (<c>weir bypass</c>). One word, read once an exchange.
/// </summary>
internal sealed class Bypass
{
    private int _parts;

    public BypassParts Parts => (BypassParts)Volatile.Read(ref _parts);

    public bool Has(BypassParts part) => (Parts & part) != 0;

    public void Set(BypassParts part, bool isOff)
    {
        if (isOff)
            Interlocked.Or(ref _parts, (int)part);
        else
            Interlocked.And(ref _parts, (int)~part);
    }
}

[Flags]
internal enum BypassParts
{
    None = 0,

    /// <summary>Bodies and answers go through at the pace of both ends.</summary>
    Buffering = 1,

    /// <summary>Every request gets an instance at once.</summary>
    Slots = 2,

    /// <summary>Rules of the gate that are not about framing are only reported.</summary>
    Gate = 4,

    /// <summary>Nothing is served from the store, nothing is stored, and nobody waits for another's answer.</summary>
    Cache = 8,
    All = Buffering | Slots | Gate | Cache,
}
