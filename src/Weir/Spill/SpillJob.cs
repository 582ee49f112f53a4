using Weir.Beat;

namespace Weir.Spill;

/// <summary>One read or write of a spill file, made ready by its body's owner and done on a spill thread.</summary>
internal sealed class SpillJob
{
    private int _busy;

    public SpillFile? File { get; set; }
    public Driven? Owner { get; set; }
    public SpillAction Action { get; set; }
    public long Offset { get; set; }

    /// <summary>Write: the blocks, all whole. Read: the first is filled.</summary>
    public List<byte[]> Blocks { get; } = [];

    /// <summary>Read: bytes wanted.</summary>
    public int Count { get; set; }

    /// <summary>What went wrong, once not busy; null if all went well.</summary>
    public Exception? Fault { get; set; }

    public bool IsBusy => Volatile.Read(ref _busy) != 0;

    public void Begin()
    {
        Fault = null;
        Volatile.Write(ref _busy, 1);
    }

    public void End()
    {
        Interlocked.Exchange(ref _busy, 0);
        Owner?.RaiseOnPool();
    }
}

internal enum SpillAction : byte
{
    Write,
    Read,
    Close,
}
