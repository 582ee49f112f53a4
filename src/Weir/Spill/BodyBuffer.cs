using Weir.Beat;

namespace Weir.Spill;

// The bytes of one body, in memory first and past a bound in a file.
//
// Positions count from the body's first byte:    [_fileStart .. _memoryStart)   in the file, written in order
//                                                [_memoryStart .. Length)       in _blocks, all full but the last
// _read is the reader's position in either. Flushing moves whole blocks from the front of the memory to the end of the
// file; so the order is always file, then memory, for a body that is taken whole and then sent (a request) and for one
// that is sent while it is taken (an answer).
//
// Owner: one driven machine; only it calls. A spill thread touches _write.Blocks and _readAhead's block while their job
// is busy, so a block being written stays in _blocks until the job is done.

/// <summary>A body under way.</summary>
internal sealed class BodyBuffer(BlockPool pool, SpillDisk disk, Driven owner)
{
    private const int WriteBlocksMax = 8;

    private readonly List<byte[]> _blocks = [];
    private SpillJob? _write;
    private SpillJob? _readJob;
    private byte[]? _readBlock;
    private long _readBlockStart;
    private int _readBlockCount;
    private SpillFile? _file;
    private long _fileStart;
    private long _memoryStart;
    private long _read;

    /// <summary>Bytes taken in so far.</summary>
    public long Length { get; private set; }

    /// <summary>
    /// True: all of it stays readable from the start, for another try. False: what was read is let go.
    /// </summary>
    public bool Keeps { get; set; }

    public long Unread => Length - _read;

    public long MemoryBytes => Length - _memoryStart;

    /// <summary>Memory of one body before it spills; 0 spills as soon as a block is full.</summary>
    public int MemoryMax { get; set; } = 4 * BlockPool.BlockBytes;

    /// <summary>False keeps it all in memory (streams that wait for their reader).</summary>
    public bool MaySpill { get; set; } = true;

    public bool Spilled { get; private set; }

    /// <summary>
    /// The disk failed or its budget is spent: what is in memory stays, nothing more goes to the file.
    /// </summary>
    public bool SpillFailed { get; private set; }
    public bool SpillBudgetSpent { get; private set; }

    /// <summary>What a failed write said.</summary>
    public Exception? SpillFault { get; private set; }

    /// <summary>A receive is under way into the tail, so its block stays where it is.</summary>
    public bool TailIsLent { get; set; }

    /// <summary>True while a spill thread works for this body: it cannot be released yet.</summary>
    public bool IsBusy => _write is { IsBusy: true } || _readJob is { IsBusy: true };

    /// <summary>True: take no more until memory has been flushed or read.</summary>
    public bool IsFull => MemoryBytes >= (MaySpill && !SpillFailed ? MemoryMax + WriteBlocksMax * BlockPool.BlockBytes
        : Math.Max(MemoryMax, BlockPool.BlockBytes));

    /// <summary>
    /// Free space at the end, to receive into; what was filled is then made part of the body by Commit.
    /// </summary>
    public ArraySegment<byte> Tail()
    {
        var used = (int)((Length - _memoryStart) % BlockPool.BlockBytes);
        var whole = (Length - _memoryStart) / BlockPool.BlockBytes;
        if (_blocks.Count == whole)
            _blocks.Add(pool.Take());
        return new ArraySegment<byte>(_blocks[^1], used, BlockPool.BlockBytes - used);
    }

    public void Commit(int count)
    {
        Length += count;
        Flush();
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tail = Tail();
            var count = Math.Min(tail.Count, bytes.Length);
            bytes[..count].CopyTo(tail);
            bytes = bytes[count..];
            Length += count;
        }

        Flush();
    }

    /// <summary>
    /// The next bytes to send, if they are in memory. If they are in the file, a read begins and the owner is woken
    /// when it is done; <paramref name="broken"/> tells that the file cannot be read.
    /// </summary>
    public bool TryPeek(out ArraySegment<byte> bytes, out bool broken)
    {
        bytes = default;
        broken = false;
        Settle();
        if (_read == Length)
            return false;
        if (_read >= _memoryStart)
        {
            var offset = _read - _memoryStart;
            var block = _blocks[(int)(offset / BlockPool.BlockBytes)];
            var start = (int)(offset % BlockPool.BlockBytes);
            bytes = new ArraySegment<byte>(
                block, start, (int)Math.Min(BlockPool.BlockBytes - start, Length - _read));
            return true;
        }

        return TryPeekFile(out bytes, out broken);
    }

    /// <summary>The reader is done with so many bytes.</summary>
    public void Advance(int count)
    {
        _read += count;
        if (!Keeps)
            LetGo();
    }

    /// <summary>Reads from the start again.</summary>
    public void Rewind() => _read = 0;

    /// <summary>Gives back all memory and the file. Not while busy.</summary>
    public void Release()
    {
        foreach (var block in _blocks)
            pool.Give(block);
        _blocks.Clear();
        // A write that ended after the last look is nobody's any more, and a read that failed says nothing of the next
        // body.
        _write?.Blocks.Clear();
        if (_readJob is { Fault: not null })
            _readJob = null;
        if (_readBlock is not null)
            pool.Give(_readBlock);
        _readBlock = null;
        _readBlockCount = 0;
        // A job that has ended and was not looked at since tells of this body, not of the next.
        _write = _readJob = null;
        if (_file is not null)
        {
            disk.Budget.Give(_file.BytesTaken);
            disk.Submit(new SpillJob { File = _file, Action = SpillAction.Close });
            _file = null;
        }

        Length = _read = _fileStart = _memoryStart = 0;
        Spilled = SpillFailed = SpillBudgetSpent = false;
        SpillFault = null;
        MaySpill = true;
    }

    /// <summary>Takes the end of a write into account, and begins the next if there is enough to write.</summary>
    public void Flush()
    {
        Settle();
        var whole = (int)(MemoryBytes / BlockPool.BlockBytes);
        // Once in the file, a body needs memory only to gather a few blocks for a write.
        var bound = Spilled ? Math.Min(BlockPool.BlockBytes * 2, MemoryMax) : MemoryMax;
        if (!MaySpill || SpillFailed || MemoryBytes <= bound || whole == 0 || _write is { IsBusy: true }
            || _write is { Blocks.Count: > 0 })
            return;

        var count = Math.Min(whole, WriteBlocksMax);
        var bytes = (long)count * BlockPool.BlockBytes;
        if (!disk.Budget.TryTake(bytes))
        {
            SpillFailed = SpillBudgetSpent = true;
            return;
        }

        if (_file is null)
        {
            _file = new SpillFile(disk);
            _fileStart = _memoryStart;
        }

        _file.BytesTaken += bytes;
        Spilled = true;
        var job = _write ??= new SpillJob();
        job.File = _file;
        job.Owner = owner;
        job.Action = SpillAction.Write;
        job.Offset = _memoryStart - _fileStart;
        job.Blocks.AddRange(_blocks.Take(count));
        disk.Submit(job);
    }

    private void Settle()
    {
        if (_write is not { IsBusy: false, Blocks.Count: > 0 } job)
            return;
        var count = job.Blocks.Count;
        job.Blocks.Clear();
        if (job.Fault is not null)
        {
            SpillFailed = true;
            SpillFault = job.Fault;
            return;
        }

        for (var index = 0; index < count; index++)
            pool.Give(_blocks[index]);
        _blocks.RemoveRange(0, count);
        _memoryStart += (long)count * BlockPool.BlockBytes;
        if (!Keeps)
            LetGo();
    }

    private bool TryPeekFile(out ArraySegment<byte> bytes, out bool broken)
    {
        bytes = default;
        broken = false;
        if (_readJob is { IsBusy: true })
            return false;
        if (_readJob is { Fault: not null })
        {
            broken = true;
            return false;
        }

        var into = _read - _readBlockStart;
        if (_readBlock is not null && into >= 0 && into < _readBlockCount)
        {
            bytes = new ArraySegment<byte>(_readBlock, (int)into, _readBlockCount - (int)into);
            return true;
        }

        var job = _readJob ??= new SpillJob();
        _readBlock ??= pool.Take();
        _readBlockStart = _read;
        _readBlockCount = (int)Math.Min(BlockPool.BlockBytes, _memoryStart - _read);
        job.File = _file;
        job.Owner = owner;
        job.Action = SpillAction.Read;
        job.Offset = _read - _fileStart;
        job.Count = _readBlockCount;
        job.Blocks.Clear();
        job.Blocks.Add(_readBlock);
        disk.Submit(job);
        return false;
    }

    private void LetGo()
    {
        // A block that a spill thread is writing stays until it is written.
        if (_write is { Blocks.Count: > 0 })
            return;
        while (_blocks.Count > 0 && _read - _memoryStart >= BlockPool.BlockBytes)
        {
            pool.Give(_blocks[0]);
            _blocks.RemoveAt(0);
            _memoryStart += BlockPool.BlockBytes;
        }

        if (_read < _memoryStart)
            return;
        // The reader has caught up with the file: its space is used again from the start.
        if (_file is not null && _file.BytesTaken > 0)
        {
            disk.Budget.Give(_file.BytesTaken);
            _file.BytesTaken = 0;
        }

        _fileStart = _memoryStart;
        if (_read == Length && _blocks.Count > 0 && !TailIsLent)
        {
            foreach (var block in _blocks)
                pool.Give(block);
            _blocks.Clear();
            _memoryStart = _fileStart = Length;
        }
    }
}
