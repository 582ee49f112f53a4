using Weir.Beat;

namespace Weir.Caching;

/// <summary>
/// One exchange's look into the shared tier: the exchange waits for it without holding anything, and is raised when it
/// is over. Made for each look, so that one that comes late finds nobody.
/// </summary>
/// <param name="until">On the house's clock: from then on the exchange goes on without it.</param>
internal sealed class SharedAsk(Driven owner, long until)
{
    private StoredAnswer? _found;
    private int _isOver;

    public long Until { get; } = until;

    /// <summary>Once true, <see cref="Found"/> is what it gave.</summary>
    public bool IsOver => Volatile.Read(ref _isOver) != 0;

    /// <summary>Not stored here yet; null: nothing of use.</summary>
    public StoredAnswer? Found => IsOver ? _found : null;

    public void End(StoredAnswer? found)
    {
        _found = found;
        Volatile.Write(ref _isOver, 1);
        owner.Raise();
    }
}
