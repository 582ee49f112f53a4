using Weir.Wires;

namespace Weir.Pooling;

// What a client sends.    _buffer   [_start .. _end) received, not yet taken   [_end ..) free
// A small buffer serves most messages, so ten thousand idle clients cost 10 MB of it; one that does not fit is met by a
// larger one, which is given up when it is empty again.

/// <summary>The receiving half of a client session.</summary>
internal sealed class SessionInput(Wire wire)
{
    private const int SmallBytes = 1024;

    /// <summary>For messages that are passed on as they come (COPY, large queries).</summary>
    private const int LargeBytes = 16 * 1024;

    private byte[] _buffer = new byte[SmallBytes];
    private int _start;
    private int _end;
    private bool _receives;

    public Wire Wire { get; private set; } = wire;

    /// <summary>The client's direction has ended, or is broken.</summary>
    public bool IsOver { get; private set; }

    public ReadOnlySpan<byte> Here => _buffer.AsSpan(_start, _end - _start);

    public int Count => _end - _start;

    public void Take(int count) => _start += count;

    /// <summary>Nothing may be left over from before TLS: it would be believed to be inside (CVE-2021-23222).</summary>
    public void Secure(Wire wire)
    {
        Wire = wire;
        _start = _end = 0;
        _receives = false;
    }

    /// <summary>
    /// Receives more, up to what is wanted in one piece. True: bytes came, or the end. False: the owner is woken.
    /// </summary>
    /// <param name="wanted">Bytes from the first not taken on; 0: whatever comes.</param>
    public bool Receive(int wanted)
    {
        if (IsOver)
            return false;
        if (!_receives)
        {
            MakeRoom(wanted);
            _receives = true;
            Wire.BeginReceive(_buffer, _end, _buffer.Length - _end);
        }

        if (Wire.IsReceiving)
            return false;
        _receives = false;
        if (Wire.Received <= 0)
            IsOver = true;
        else
            _end += Wire.Received;
        return true;
    }

    /// <summary>
    /// True while a receive is out, or the buffer has room for one: the end of the client will be seen.
    /// </summary>
    public bool MayReceive => _receives || _end - _start < _buffer.Length;

    private void MakeRoom(int wanted)
    {
        var count = _end - _start;
        if (count == 0)
        {
            _start = _end = 0;
            if (_buffer.Length > SmallBytes && wanted <= SmallBytes)
                _buffer = new byte[SmallBytes];
        }

        if (wanted > _buffer.Length || (_end == _buffer.Length && _start == 0))
            Grow(Math.Max(wanted, Math.Max(LargeBytes, _buffer.Length * 2)));
        else if (_end == _buffer.Length || _start + wanted > _buffer.Length)
            Grow(_buffer.Length);
    }

    private void Grow(int bytes)
    {
        var to = bytes == _buffer.Length ? _buffer : new byte[bytes];
        Buffer.BlockCopy(_buffer, _start, to, 0, _end - _start);
        _end -= _start;
        _start = 0;
        _buffer = to;
    }
}
