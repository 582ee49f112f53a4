namespace Weir.Caching.Shared;

/// <summary>Counts since the start, for metrics; any thread may read.</summary>
internal sealed class SharedCounters
{
    private readonly long[] _looks = new long[Enum.GetValues<SharedEnd>().Length];
    private readonly long[] _puts = new long[Enum.GetValues<SharedPut>().Length];
    private readonly long[] _faults = new long[Enum.GetValues<SharedFault>().Length];

    public long this[SharedEnd end] => Volatile.Read(ref _looks[(int)end]);

    public long this[SharedPut end] => Volatile.Read(ref _puts[(int)end]);

    /// <summary>Of looks and puts.</summary>
    public long this[SharedFault fault] => Volatile.Read(ref _faults[(int)fault]);

    public SharedLook Count(SharedLook look)
    {
        Interlocked.Increment(ref _looks[(int)look.End]);
        Count(look.Fault);
        return look;
    }

    public SharedPut Count(SharedPut put, SharedFault fault)
    {
        Interlocked.Increment(ref _puts[(int)put]);
        Count(fault);
        return put;
    }

    private void Count(SharedFault fault)
    {
        if (fault != SharedFault.None)
            Interlocked.Increment(ref _faults[(int)fault]);
    }
}
