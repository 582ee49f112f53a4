namespace Weir.Wires;

// What a round keeps of this wire (SendRound), and what the kernel does not take of it at the round's end: the tail,
// which is the wire's own and goes ahead of all that is sent after. A wire with a tail IsSending, as one that was asked
// to send in the background; its owner is woken when the tail has gone.
//
// The tail belongs to whoever may try to send: the round while its piece ends, then whoever makes the state Quiet or
// Running.
internal sealed unsafe partial class SocketWire
{
    private SendRound? _keptIn;
    private byte[] _tail = [];
    private int _tailStart;
    private int _tailCount;
    private bool _endsAfterSend;
    private int _tellsSettled;

    /// <summary>The piece that was kept last did not go out, not even a byte of it; the stream is broken.</summary>
    public bool KeptWasLost { get; private set; }

    /// <summary>For the round.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Bytes wait for the end of the round.</summary>
    public bool IsKept => Volatile.Read(ref _keptIn) is not null;

    public override int TrySendSoon(ReadOnlySpan<byte> bytes) => TrySendSoon(bytes, []);

    public override int TrySendSoon(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var count = first.Length + second.Length;
        if (count > SendRound.PieceBytesMax || SendRound.Current is not { } round)
            return second.IsEmpty ? TrySend(first) : TrySend(first, second);
        if (Volatile.Read(ref _keptIn) == round && round.TryExtend(this, first, second))
            return count;
        if (!MaySend(out var instead))
            return instead;
        return round.TryKeep(this, first, second) ? count : -1;
    }

    public override bool BeginSendSoon(byte[] buffer, int offset, int count)
    {
        var sent = Math.Max(0, TrySendSoon(buffer.AsSpan(offset, count)));
        return sent == count || BeginSend(buffer, offset + sent, count - sent);
    }

    public override bool TellWhenSettled()
    {
        if (!IsKept)
            return false;
        // Either this sees that nothing is kept, or the round's end sees the wish: both have a full fence between.
        Interlocked.Exchange(ref _tellsSettled, 1);
        return IsKept || Interlocked.Exchange(ref _tellsSettled, 0) == 0;
    }

    public override void Settle() => Volatile.Read(ref _keptIn)?.Flush();

    /// <summary>The round keeps a piece of it from now on, under its lock. False: it is closed.</summary>
    public bool BeginKept(SendRound round)
    {
        if (!Enter())
            return false;
        Volatile.Write(ref _keptIn, round);
        return true;
    }

    /// <summary>The round has sent its piece, or is to be helped with it. True: the owner is to be woken.</summary>
    /// <param name="sent">Bytes that the kernel took; NotSent: it was not tried.</param>
    public bool EndKept(ReadOnlySpan<byte> piece, int sent)
    {
        if (sent == SendRing.NotSent && piece.Length > 0)
            sent = TrySendNow(piece);
        if (sent >= 0 && sent < piece.Length)
        {
            (_tail, _tailStart, _tailCount) = (piece[sent..].ToArray(), 0, piece.Length - sent);
            BeginSending();
        }

        KeptWasLost = sent <= 0 && !SendsWell;
        Volatile.Write(ref _keptIn, null);
        Leave();
        return Interlocked.Exchange(ref _tellsSettled, 0) != 0 || !SendsWell;
    }

    /// <summary>For the round, where EndKept asked for it.</summary>
    public void TellOwner() => WakeOwner();

    /// <summary>Before more is sent in the background: the tail, if there is one, is ours to send again.</summary>
    private void TakeBackTail()
    {
        var spin = default(SpinWait);
        while (Interlocked.CompareExchange(ref _sendState, Quiet, Armed) == Running)
            spin.SpinOnce();
    }
}
