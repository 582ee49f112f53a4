namespace Weir.Core.Processes;

/// <summary>What is to be done to an instance now.</summary>
/// <param name="Signal">The signal's number, with LifeActKind.Signal.</param>
internal readonly record struct LifeAct(LifeActKind Kind, int Signal = 0)
{
    public static LifeAct None => default;

    /// <summary>The signal that is to end it; those before ask for something first.</summary>
    public bool IsLast { get; init; }
}

internal enum LifeActKind : byte
{
    None,

    /// <summary>Give it no more requests; say when nothing runs there.</summary>
    Drain,

    /// <summary>Send this signal to its leader.</summary>
    Signal,

    /// <summary>End the whole group at once.</summary>
    Kill,
}
