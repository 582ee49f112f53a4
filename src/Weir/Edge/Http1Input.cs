using Weir.Core.Http;
using Weir.Spill;
using Weir.Wires;

namespace Weir.Edge;

// What a client sends over one HTTP/1.1 connection: heads, bodies, and what comes before its time.
//
//   _buffer   [.. _start) done   [_start .. _end) received, not yet taken   [_end ..) free
// From a whole head on, the head's bytes stay where they are until the exchange ends (the log and the app's head are
// made of them); what is received meanwhile lands behind, or for a body straight in its store. One receive is under way
// at most, and _target says where it lands. A small buffer serves most heads, so ten thousand idle clients cost 20 MB
// of it.

/// <summary>The receiving half of an HTTP/1.1 connection.</summary>
internal sealed class Http1Input(Wire wire)
{
    private const int SmallBufferBytes = 2 * 1024;
    private const int WatchRoomMin = 256;

    private byte[] _buffer = new byte[SmallBufferBytes];
    private byte[]? _next;
    private int _start;
    private int _end;
    private Target _target;
    private BodyFraming _framing;
    private long _bodyLeft;
    private ChunkedReader _chunks;
    private bool _bodyWhole;
    private bool _headIsHere;
    private bool _ended;
    private bool _broken;

    private enum Target : byte
    {
        Nothing,
        Buffer,
        Next,
        Store,
    }

    /// <summary>True while the connection may yet turn out to speak HTTP/2: before its first head.</summary>
    public bool MayBeHttp2 { get; set; }

    public long BodyBytesSeen { get; private set; }

    public ClientNews News => _broken ? ClientNews.Gone : _ended ? ClientNews.Ended : ClientNews.Quiet;

    /// <summary>Looks for a head; starts to receive where it is not whole.</summary>
    public HeadRead ReadHead(RequestHead head, GateLimits limits, out GateRule fault)
    {
        fault = GateRule.None;
        while (true)
        {
            Absorb(null);
            if (MayBeHttp2 && LooksLikeHttp2(out var isPreface))
            {
                if (isPreface)
                    return HeadRead.Http2;
            }
            else if (_end > _start)
            {
                switch (RequestParser.Parse(_buffer, _start, _end - _start, limits, head, out fault))
                {
                    case ParseResult.Complete:
                        BeginBody(head);
                        return HeadRead.Whole;
                    case ParseResult.Refused:
                        return HeadRead.Refused;
                }
            }

            if (_broken || _ended)
                return _end > _start ? HeadRead.Gone : HeadRead.Ended;
            if (_target == Target.Nothing)
                ReceiveHead();
            if (wire.IsReceiving)
                return _end > _start ? HeadRead.Partial : HeadRead.Idle;
        }
    }

    /// <summary>Moves what is known of the body into the store; see <see cref="ClientSide.ReadBody"/>.</summary>
    public BodyRead ReadBody(GateLimits limits, BodyBuffer into, out GateRule fault)
    {
        fault = GateRule.None;
        while (true)
        {
            TakeNext();
            if (!Absorb(into, limits, ref fault))
                return BodyRead.Refused;
            if (!TakeFromBuffer(into, limits, ref fault))
                return BodyRead.Refused;
            if (_bodyWhole)
                return BodyRead.Whole;
            if (_target != Target.Nothing)
                return BodyRead.Waiting;
            if (_broken || _ended)
                return BodyRead.Gone;
            if (into.IsFull)
                return BodyRead.Full;
            ReceiveBody(into);
            if (wire.IsReceiving)
                return BodyRead.Waiting;
        }
    }

    /// <summary>Listens for the client's next bytes, its end or its reset while its request is worked on.</summary>
    public ClientNews Watch()
    {
        // The bytes of a body are its reader's to take; only an end is news here.
        if (_target == Target.Store)
        {
            if (wire.IsReceiving || wire.Received > 0)
                return News;
            return wire.Received == 0 ? ClientNews.Ended : ClientNews.Gone;
        }

        Absorb(null);
        if (_target == Target.Nothing && _start == _end && News == ClientNews.Quiet)
        {
            if (_buffer.Length - _end >= WatchRoomMin)
            {
                Receive(Target.Buffer, _buffer, _end, _buffer.Length - _end);
            }
            else
            {
                // The head fills the buffer and must not move; what comes now belongs to the next one.
                _next ??= new byte[SmallBufferBytes];
                Receive(Target.Next, _next, 0, _next.Length);
            }

            if (!wire.IsReceiving && _target == Target.Buffer)
                Absorb(null);
        }

        if (_target == Target.Next && !wire.IsReceiving && wire.Received <= 0)
            Absorb(null);
        return News;
    }

    /// <summary>The exchange is over: its head's bytes are free.</summary>
    public void EndExchange()
    {
        if (_target == Target.Next)
        {
            // The receive goes on in the buffer that is the current one from now on.
            (_buffer, _next) = (_next!, _buffer.Length == SmallBufferBytes ? _buffer : null);
            _start = _end = 0;
            _target = Target.Buffer;
        }
        else if (_target == Target.Nothing && _end > _start && _start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            _end -= _start;
            _start = 0;
        }
        else if (_target == Target.Nothing && _start == _end)
        {
            _start = _end = 0;
            if (_buffer.Length > SmallBufferBytes)
                _buffer = new byte[SmallBufferBytes];
        }

        _framing = BodyFraming.None;
        _headIsHere = false;
        BodyBytesSeen = 0;
    }

    /// <summary>Bytes received and not yet taken: what a hand-over takes along.</summary>
    public ReadOnlySpan<byte> Rest => _buffer.AsSpan(_start, _end - _start);

    /// <summary>
    /// For tunnels and lingering closes: takes what was received and receives on. No bytes: the end, or a broken
    /// stream.
    /// </summary>
    public bool TryReceive(out ReadOnlySpan<byte> bytes)
    {
        TakeNext();
        Absorb(null);
        bytes = default;
        if (_end > _start)
        {
            bytes = _buffer.AsSpan(_start, _end - _start);
            _start = _end;
            return true;
        }

        if (News != ClientNews.Quiet)
            return true;
        if (_target == Target.Nothing)
        {
            LeaveHead();
            Receive(Target.Buffer, _buffer, 0, _buffer.Length);
            if (!wire.IsReceiving)
                return TryReceive(out bytes);
        }

        return false;
    }

    /// <summary>True while all that came is HTTP/2's preface, or its start.</summary>
    private bool LooksLikeHttp2(out bool isPreface)
    {
        var preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;
        var here = _buffer.AsSpan(_start, _end - _start);
        var count = Math.Min(here.Length, preface.Length);
        isPreface = count == preface.Length;
        MayBeHttp2 = here[..count].SequenceEqual(preface[..count]);
        return MayBeHttp2 && count > 0;
    }

    /// <summary>
    /// What Watch receives beside a head that fills its buffer is wanted: the head's buffer stays with the head.
    /// </summary>
    private void TakeNext()
    {
        if (_target != Target.Next)
            return;
        _buffer = _next!;
        _next = null;
        _start = _end = 0;
        _headIsHere = false;
        _target = Target.Buffer;
    }

    /// <summary>
    /// A head is still looked at by the log when its tunnel ends, so the tunnel's bytes go elsewhere.
    /// </summary>
    private void LeaveHead()
    {
        if (_headIsHere)
            _buffer = new byte[SmallBufferBytes];
        _headIsHere = false;
        _start = _end = 0;
    }

    private void BeginBody(RequestHead head)
    {
        MayBeHttp2 = false;
        _headIsHere = true;
        _start += head.Length;
        _framing = head.Framing;
        _bodyLeft = head.ContentLength;
        _chunks = default;
        _bodyWhole = head.Framing == BodyFraming.None || head.Framing == BodyFraming.Length && _bodyLeft == 0;
        BodyBytesSeen = 0;
    }

    private void ReceiveHead()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end == _buffer.Length)
        {
            // The parser refuses heads over its bound before this could go on for ever.
            var grown = _start > 0 ? _buffer : new byte[_buffer.Length * 2];
            Buffer.BlockCopy(_buffer, _start, grown, 0, _end - _start);
            _end -= _start;
            _start = 0;
            _buffer = grown;
        }

        Receive(Target.Buffer, _buffer, _end, _buffer.Length - _end);
    }

    private void ReceiveBody(BodyBuffer into)
    {
        var tail = into.Tail();
        var count = _framing == BodyFraming.Length ? (int)Math.Min(tail.Count, _bodyLeft) : tail.Count;
        into.TailIsLent = true;
        Receive(Target.Store, tail.Array!, tail.Offset, count);
    }

    private void Receive(Target target, byte[] buffer, int offset, int count)
    {
        _target = target;
        wire.BeginReceive(buffer, offset, count);
    }

    private void Absorb(BodyBuffer? into)
    {
        var fault = GateRule.None;
        Absorb(into, GateLimits.Default, ref fault);
    }

    /// <summary>Takes the result of a receive that is done. False: the body's coding is broken.</summary>
    private bool Absorb(BodyBuffer? into, GateLimits limits, ref GateRule fault)
    {
        if (_target == Target.Nothing || wire.IsReceiving)
            return true;
        var received = wire.Received;
        if (received > 0 && _target == Target.Next)
            return true;
        var target = _target;
        _target = Target.Nothing;
        if (target == Target.Store && into is not null)
            into.TailIsLent = false;
        if (received <= 0)
        {
            _ended |= received == 0;
            _broken |= received < 0;
            return true;
        }

        if (target == Target.Buffer)
        {
            _end += received;
            return true;
        }

        BodyBytesSeen += received;
        // Nobody wants the body of a request that was refused.
        return into is null || CommitStore(into, received, limits, ref fault);
    }

    private bool CommitStore(BodyBuffer into, int received, GateLimits limits, ref GateRule fault)
    {
        if (_framing == BodyFraming.Length)
        {
            into.Commit(received);
            _bodyLeft -= received;
            _bodyWhole = _bodyLeft == 0;
            return true;
        }

        // Chunks are taken off in place: what is body moves down over its framing.
        var tail = into.Tail().AsSpan()[..received];
        var kept = 0;
        var taken = 0;
        while (taken < received && !_bodyWhole)
        {
            var result = _chunks.Read(tail[taken..], limits, out var consumed, out var payload, out fault);
            if (result == ParseResult.Refused)
                return false;
            payload.CopyTo(tail[kept..]);
            kept += payload.Length;
            taken += consumed;
            _bodyWhole = result == ParseResult.Complete;
            if (consumed == 0)
                break;
        }

        if (taken < received)
            KeepForNext(tail[taken..]);
        into.Commit(kept);
        return true;
    }

    /// <summary>Bytes of the next request came with the end of this body.</summary>
    private void KeepForNext(ReadOnlySpan<byte> bytes)
    {
        if (_buffer.Length - _end < bytes.Length)
        {
            // The head in the buffer is still looked at, so the buffer may grow only by copying: the old one lives on
            // with it.
            var grown = new byte[_end + bytes.Length];
            Buffer.BlockCopy(_buffer, 0, grown, 0, _end);
            _buffer = grown;
        }

        bytes.CopyTo(_buffer.AsSpan(_end));
        _end += bytes.Length;
    }

    private bool TakeFromBuffer(BodyBuffer into, GateLimits limits, ref GateRule fault)
    {
        while (!_bodyWhole && _start < _end)
        {
            var here = _buffer.AsSpan(_start, _end - _start);
            if (_framing == BodyFraming.Length)
            {
                var count = (int)Math.Min(_bodyLeft, here.Length);
                into.Append(here[..count]);
                _start += count;
                BodyBytesSeen += count;
                _bodyLeft -= count;
                _bodyWhole = _bodyLeft == 0;
                continue;
            }

            var result = _chunks.Read(here, limits, out var consumed, out var payload, out fault);
            if (result == ParseResult.Refused)
                return false;
            into.Append(payload);
            _start += consumed;
            BodyBytesSeen += consumed;
            _bodyWhole = result == ParseResult.Complete;
            if (consumed == 0)
                break;
        }

        return true;
    }
}
