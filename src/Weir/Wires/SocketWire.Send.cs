namespace Weir.Wires;

// The sending half: what goes at once, and what waits for news.
internal sealed unsafe partial class SocketWire
{
    public override int TrySend(ReadOnlySpan<byte> bytes)
    {
        if (!MaySend(out var instead))
            return instead;
        return TrySendNow(bytes);
    }

    /// <summary>What was kept goes first. False: nothing can be sent now, and a try's answer is another.</summary>
    private bool MaySend(out int instead)
    {
        Settle();
        instead = SendsWell ? 0 : -1;
        return SendsWell && !IsSending;
    }

    private int TrySendNow(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (true)
            {
                Interlocked.CompareExchange(ref _sendState, Quiet, Ready);
                var sent = Kernel.SendNow(_descriptor, start, bytes.Length);
                if (sent >= 0)
                    return (int)sent;
                var end = AfterNothingSent(Kernel.LastError);
                if (end <= 0)
                    return end;
            }
        }
    }

    public override int TrySend(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        if (!MaySend(out var instead))
            return instead;
        fixed (byte* one = first, two = second)
        {
            var pieces = stackalloc Kernel.Piece[2];
            pieces[0] = new Kernel.Piece { Start = one, Length = (nuint)first.Length };
            pieces[1] = new Kernel.Piece { Start = two, Length = (nuint)second.Length };
            var message = new Kernel.Message { Pieces = pieces, Count = 2 };
            while (true)
            {
                Interlocked.CompareExchange(ref _sendState, Quiet, Ready);
                var sent = Kernel.SendMessageNow(_descriptor, &message);
                if (sent >= 0)
                    return (int)sent;
                var end = AfterNothingSent(Kernel.LastError);
                if (end <= 0)
                    return end;
            }
        }
    }

    public override bool TakesFiles => true;

    public override long TrySendFile(ReadOnlySpan<byte> head, int descriptor, long offset, long count)
    {
        // In a packet of its own, which costs less than to hold it back for the file (MSG_MORE): 24 µs a hit of 100 KiB
        // and not 36, since the rest then leaves at the pace of the client's acknowledgements.
        var sent = TrySend(head);
        if (sent < head.Length)
            return sent;
        var end = offset + count;
        while (offset < end)
        {
            Interlocked.CompareExchange(ref _sendState, Quiet, Ready);
            var taken = Kernel.SendFile(_descriptor, descriptor, &offset, (nuint)(end - offset));
            if (taken > 0)
                continue;
            // A file that is shorter than was said is none of ours: nothing can be put in its place on this stream.
            var after = AfterNothingSent(taken == 0 ? 0 : Kernel.LastError);
            if (after < 0)
                return -1;
            if (after == 0)
                break;
        }

        return sent + count - (end - offset);
    }

    public override bool BeginSend(byte[] buffer, int offset, int count)
    {
        Settle();
        TakeBackTail();
        _sendBuffer = buffer;
        _sendOffset = offset;
        _sendCount = count;
        return BeginSending();
    }

    /// <summary>True: all is sent, or the stream is broken. False: the owner is woken.</summary>
    private bool BeginSending()
    {
        while (true)
        {
            if (!SendsWell || Volatile.Read(ref _sendState) == Closed)
            {
                Volatile.Write(ref _sendFailed, 1);
                return true;
            }

            Interlocked.CompareExchange(ref _sendState, Quiet, Ready);
            if (TrySendOn())
                return true;
            // The kernel tells of room that came meanwhile, too.
            if (!_watchesRoom && !(_watchesRoom = _thread.WatchRoom(_place)))
            {
                Volatile.Write(ref _sendFailed, 1);
                return true;
            }

            if (Interlocked.CompareExchange(ref _sendState, Armed, Quiet) == Quiet)
                return false;
        }
    }

    private bool NewsToSend()
    {
        while (true)
        {
            var before = Interlocked.CompareExchange(ref _sendState, Running, Armed);
            if (before == Quiet)
            {
                if (Interlocked.CompareExchange(ref _sendState, Ready, Quiet) == Quiet)
                    return false;
                continue;
            }

            if (before != Armed)
                return false;
            if (_connects)
                FinishConnect();
            else if (!TrySendOn())
                return !TryLeaveRunning(ref _sendState, Armed);
            TryLeaveRunning(ref _sendState, Ready);
            return true;
        }
    }

    /// <summary>True: all is sent, or the stream is broken. False: the kernel takes no more for now.</summary>
    private bool TrySendOn()
    {
        if (!TrySendOn(_tail, ref _tailStart, ref _tailCount)
            || !TrySendOn(_sendBuffer, ref _sendOffset, ref _sendCount))
            return false;
        if (_tail.Length > 0)
            (_tail, _tailStart, _tailCount) = ([], 0, 0);
        if (_endsAfterSend)
            ShutDown();
        return true;
    }

    private bool TrySendOn(byte[] buffer, ref int offset, ref int count)
    {
        fixed (byte* start = buffer)
        {
            while (count > 0)
            {
                var sent = Kernel.SendNow(_descriptor, start + offset, count);
                if (sent < 0)
                {
                    var end = AfterNothingSent(Kernel.LastError);
                    if (end > 0)
                        continue;
                    return end < 0;
                }

                offset += (int)sent;
                count -= (int)sent;
            }
        }

        return true;
    }

    /// <summary>
    /// 1: the call is to be made again. 0: the kernel takes no more for now. −1: the stream is broken, as is noted.
    /// </summary>
    private int AfterNothingSent(int error)
    {
        if (error == Kernel.EIntr)
            return 1;
        if (error == Kernel.EAgain)
            return 0;
        Volatile.Write(ref _sendFailed, 1);
        return -1;
    }
}
