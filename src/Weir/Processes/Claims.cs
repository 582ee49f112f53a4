namespace Weir.Processes;

/// <summary>What an instance holds while it lives: its port, its passes to the pooler. Given back together.</summary>
internal sealed class Claims(IEnumerable<IDisposable> held) : IDisposable
{
    private readonly List<IDisposable> _held = [.. held];

    public void Add(IDisposable claim) => _held.Add(claim);

    public void Dispose()
    {
        foreach (var claim in _held)
            claim.Dispose();
        _held.Clear();
    }
}
