using Weir.Beat;
using Weir.Spill;
using Weir.Wires;

namespace Weir.Outflow;

// An answer's bytes on their way to the client. What the kernel takes at once is never copied; what it does not take
// waits in memory and then in a spill file, and goes out at the client's pace.
//
// A send that is under way has a block of its own: the store may move its blocks to the file at any time.

/// <summary>Writes to a client without ever waiting for it.</summary>
internal sealed class AnswerWriter(Wire wire, BlockPool blocks, SpillDisk disk, Driven owner)
{
    private BodyBuffer? _store;
    private byte[]? _sendBlock;
    private bool _storeBroken;

    /// <summary>Bytes handed to this answer, framing included.</summary>
    public long BytesIn { get; private set; }

    /// <summary>When the client last took bytes, on the house's clock.</summary>
    public long ProgressAt { get; set; }

    /// <summary>True: nothing more can reach the client; what is written is dropped.</summary>
    public bool IsBroken => _storeBroken || !wire.SendsWell;

    public bool IsDrained => (_store is null || _store.Unread == 0) && !wire.IsSending;

    /// <summary>True: the app should not be read on until the client has taken more.</summary>
    public bool IsFull => _store is { IsFull: true } || _store is not null && _store.Unread > SpillMax;

    /// <summary>True: full, and no disk write will change that; only the client can.</summary>
    public bool WaitsForClient => _store is not null && !KeepsPace && (_store.Unread > SpillMax || _store.SpillFailed);

    public bool Spilled => _store is { Spilled: true };

    /// <summary>Bytes that wait for the client.</summary>
    public long Waiting => _store?.Unread ?? 0;

    /// <summary>True: what was written last goes out at the end of the round, and the owner is woken then.</summary>
    public bool TellWhenSettled() => wire.TellWhenSettled();

    public bool IsBusy => wire.IsSending || _store is { IsBusy: true };

    /// <summary>The answer must not run ahead of its client (event streams, X-Accel-Buffering: no, bypass).</summary>
    public bool KeepsPace { get; set; }

    public int MemoryMax { get; set; } = 4 * BlockPool.BlockBytes;
    public long SpillMax { get; set; } = 1L << 30;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        BytesIn += bytes.Length;
        if (IsBroken)
            return;
        if (IsDrained)
        {
            var sent = wire.TrySendSoon(bytes);
            if (sent == bytes.Length || sent < 0)
                return;
            bytes = bytes[sent..];
        }

        Keep(bytes);
    }

    /// <summary>Two pieces that follow each other, in one call into the kernel where it takes both.</summary>
    public void Write(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!IsDrained || IsBroken)
        {
            Write(first);
            Write(second);
            return;
        }

        BytesIn += first.Length + second.Length;
        var sent = wire.TrySendSoon(first, second);
        if (sent < 0 || sent == first.Length + second.Length)
            return;
        if (sent < first.Length)
            Keep(first[sent..]);
        Keep(second[Math.Max(0, sent - first.Length)..]);
    }

    /// <summary>
    /// A head, and bytes of a file behind it as far as the kernel takes them at once; the rest is to be written as
    /// ever.
    /// </summary>
    /// <returns>Bytes of the file that were taken.</returns>
    public long Write(ReadOnlySpan<byte> head, int descriptor, long offset, long count)
    {
        if (!IsDrained || IsBroken)
        {
            Write(head);
            return 0;
        }

        BytesIn += head.Length;
        var sent = wire.TrySendFile(head, descriptor, offset, count);
        if (sent < 0)
            return 0;
        if (sent < head.Length)
            Keep(head[(int)sent..]);
        var taken = Math.Max(0, sent - head.Length);
        BytesIn += taken;
        return taken;
    }

    /// <summary>For when the client takes more.</summary>
    private void Keep(ReadOnlySpan<byte> bytes)
    {
        var store = _store ??= new BodyBuffer(blocks, disk, owner);
        store.MemoryMax = MemoryMax;
        store.MaySpill = !KeepsPace;
        store.Append(bytes);
        // A send must be under way while anything waits: its end is the only wake that the client gives.
        Send();
    }

    /// <summary>Sends on what waits. Call whenever the exchange is woken.</summary>
    public void Pump(long now)
    {
        if (_store is null)
            return;
        // A write that has ended makes room for the app's next bytes, also while the client takes none.
        _store.Flush();
        if (wire.IsSending)
            return;
        if (Send())
            ProgressAt = now;
        if (_store.Unread == 0)
            GiveSendBlock();
    }

    /// <summary>Gives the wire the next piece unless it has one. True: it took one.</summary>
    private bool Send()
    {
        var any = false;
        while (!wire.IsSending && !IsBroken && _store!.TryPeek(out var bytes, out _storeBroken))
        {
            var block = _sendBlock ??= blocks.Take();
            bytes.AsSpan().CopyTo(block);
            _store.Advance(bytes.Count);
            any = true;
            wire.BeginSend(block, 0, bytes.Count);
        }

        return any;
    }

    /// <summary>Gives everything back at an exchange's end. Not while busy.</summary>
    public void Reset()
    {
        GiveSendBlock();
        _store?.Release();
        BytesIn = 0;
        KeepsPace = false;
        _storeBroken = false;
    }

    private void GiveSendBlock()
    {
        if (_sendBlock is null || wire.IsSending)
            return;
        blocks.Give(_sendBlock);
        _sendBlock = null;
    }
}
