using Weir.Beat;

namespace Weir.Tests.Support;

/// <summary>An owner that counts how often it was driven.</summary>
internal sealed class WakeCounter : Driven
{
    private int _count;

    public int Count => Volatile.Read(ref _count);

    public Exception? Failed { get; private set; }

    protected override void Advance() => Interlocked.Increment(ref _count);

    protected override void Fail(Exception exception) => Failed = exception;
}
