using Weir.Wires;

namespace Weir.Tests.Support;

/// <summary>A wire whose peer is the test: bytes come in the pieces it gives, and what is sent is kept.</summary>
internal sealed class MemoryWire : Wire
{
    private readonly Queue<byte[]> _coming = new();
    private readonly MemoryStream _sent = new();
    private byte[]? _into;
    private int _offset;
    private int _count;
    private byte[]? _sending;
    private int _sendOffset;
    private int _sendCount;
    private bool _ended;
    private int _received;
    private bool _sendsWell = true;

    /// <summary>Bytes that the kernel would take at once before it says wait.</summary>
    public int Room { get; set; } = int.MaxValue;

    public byte[] Sent => _sent.ToArray();
    public bool IsClosed { get; private set; }

    public override bool IsReceiving => _into is not null;
    public override bool IsSending => _sending is not null;
    public override int Received => _received;
    public override bool SendsWell => _sendsWell;

    /// <summary>The peer sends a piece: one receive gets no more than one piece.</summary>
    public void Come(ReadOnlySpan<byte> bytes)
    {
        _coming.Enqueue(bytes.ToArray());
        TakeComing();
    }

    /// <summary>The peer ends, after what it has sent.</summary>
    public void End()
    {
        _ended = true;
        TakeComing();
    }

    /// <summary>The peer takes so many bytes more; a send under way goes on.</summary>
    public void Take(int bytes)
    {
        Room += bytes;
        if (_sending is null)
            return;
        var sent = TakeRoom(_sending.AsSpan(_sendOffset, _sendCount));
        _sendOffset += sent;
        _sendCount -= sent;
        if (_sendCount > 0)
            return;
        _sending = null;
        WakeOwner();
    }

    /// <summary>The peer resets: what is sent from here on fails.</summary>
    public void Break()
    {
        _sendsWell = false;
        _sending = null;
        _received = -1;
        _into = null;
        WakeOwner();
    }

    public override bool BeginReceive(byte[] buffer, int offset, int count)
    {
        (_into, _offset, _count) = (buffer, offset, count);
        return FillNow();
    }

    public override int TrySend(ReadOnlySpan<byte> bytes) => _sendsWell ? TakeRoom(bytes) : -1;

    public override bool BeginSend(byte[] buffer, int offset, int count)
    {
        if (!_sendsWell)
            return true;
        var sent = TakeRoom(buffer.AsSpan(offset, count));
        if (sent == count)
            return true;
        (_sending, _sendOffset, _sendCount) = (buffer, offset + sent, count - sent);
        return false;
    }

    public override void EndSend()
    {
    }

    public override void Close()
    {
        IsClosed = true;
        if (_into is not null)
            _received = -1;
        (_into, _sending) = (null, null);
        _sent.Dispose();
    }

    public override void Abort() => Close();

    private void TakeComing()
    {
        if (_into is not null && FillNow())
            WakeOwner();
    }

    private bool FillNow()
    {
        if (_coming.Count == 0 && !_ended)
            return false;
        var piece = _coming.Count == 0 ? [] : _coming.Dequeue();
        _received = Math.Min(piece.Length, _count);
        piece.AsSpan(0, _received).CopyTo(_into.AsSpan(_offset));
        if (_received < piece.Length)
        {
            var rest = _coming.ToArray();
            _coming.Clear();
            _coming.Enqueue(piece[_received..]);
            foreach (var one in rest)
                _coming.Enqueue(one);
        }

        _into = null;
        return true;
    }

    private int TakeRoom(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(Room, bytes.Length);
        if (Room != int.MaxValue)
            Room -= count;
        _sent.Write(bytes[..count]);
        return count;
    }
}
