using Weir.Beat;
using Weir.Core.Http;
using Weir.Routing;
using Weir.Spill;
using Weir.Wires;

namespace Weir.Upstream;

// A connection to an instance, used by one exchange at a time, and what it knows of the answer under way.
//
// The answer is pulled: Next says what comes next, and takes it out of the buffer. So whoever owns the connection reads
// in the same way, be it the exchange that asked or, after that gave up, the Leftover that throws the rest away.
//
//   _buffer   [HeadRoom .. _start) taken   [_start .. _end) received, not taken   [_end ..) free
// HeadRoom is left free before an answer, so that the client's head can be put right before the first piece of body.

/// <summary>A kept connection to one instance.</summary>
internal sealed class UpstreamConnection(Instance instance, SocketWire wire, BlockPool blocks)
{
    /// <summary>Bytes left free before an answer's first byte: more than what Weir adds to a usual head.</summary>
    public const int HeadRoom = 1024;

    /// <summary>An answer at least this large is received in larger steps: fewer calls into the kernel.</summary>
    private const long LargeAnswerBytes = 48 * 1024;

    private byte[] _buffer = blocks.Take();
    private byte[] _sendRoom = new byte[4096];
    private int _start = HeadRoom;
    private int _end = HeadRoom;
    private bool _receiving;
    private bool _headDone;
    private bool _ended;
    private long _bodyLeft;
    private ChunkedReader _chunks;
    private HttpVerb _verb;

    public Instance Instance { get; } = instance;
    public SocketWire Wire { get; } = wire;
    public ResponseHead Head { get; } = new();

    /// <summary>When it was last put back, on the house's clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Exchanges it has served.</summary>
    public int Uses { get; set; }

    /// <summary>Where the piece that Next gave last lies in the buffer.</summary>
    public byte[] Buffer => _buffer;
    public int PieceStart { get; private set; }
    public int PieceCount { get; private set; }
    public GateRule Fault { get; private set; }

    /// <summary>True once any byte of the present answer has come.</summary>
    public bool HasAnswered { get; private set; }

    /// <summary>True if all of the answer came, the app keeps the connection, and nothing came after it.</summary>
    public bool IsReusable => _ended && Head.KeepAlive && _start == _end && !_receiving && Wire.SendsWell
        && Head.Framing != BodyFraming.UntilClose && Head.Status != 101;

    /// <summary>Room to write a request's head into.</summary>
    public byte[] SendRoom => _sendRoom;

    /// <summary>Starts an exchange on this connection.</summary>
    public void Begin(HttpVerb verb, Driven owner)
    {
        _verb = verb;
        _headDone = _ended = HasAnswered = false;
        _chunks = default;
        Uses++;
        Wire.Owner = owner;
    }

    public byte[] GrowSendRoom(int bytes) => _sendRoom = new byte[bytes];

    /// <summary>
    /// Before it is put aside: a receive goes out at once, so that bytes nobody asked for, or the app's close, are seen
    /// before the next use. False: the connection has ended, close it.
    /// </summary>
    public bool BeginIdle(long now)
    {
        Wire.Owner = null;
        Shrink();
        if (_sendRoom.Length > 4096)
            _sendRoom = new byte[4096];
        IdleSince = now;
        Receive();
        return Wire.IsReceiving;
    }

    /// <summary>True while nothing has come on an idle connection.</summary>
    public bool IsQuiet => Wire.IsReceiving;

    /// <summary>After a 101: all that comes is the tunnel's, until the connection ends.</summary>
    public void BeginTunnel()
    {
        Head.Framing = BodyFraming.UntilClose;
        _ended = false;
    }

    /// <summary>
    /// What comes next in the answer. Payload lies at PieceStart, PieceCount and stays there until the next call.
    /// </summary>
    public AnswerPiece Next(GateLimits limits)
    {
        while (true)
        {
            if (_receiving)
            {
                if (Wire.IsReceiving)
                    return AnswerPiece.Waiting;
                _receiving = false;
                var received = Wire.Received;
                if (received <= 0)
                    return EndOfStream(received);
                HasAnswered = true;
                _end += received;
            }

            if (TryTake(limits, out var piece))
                return piece;
            Receive();
        }
    }

    /// <summary>
    /// After the last byte of an answer that ends its connection: true once the app has closed, or sent more than it
    /// should.
    /// </summary>
    public bool AwaitsEnd()
    {
        if (!_receiving && Wire.SendsWell)
            Receive();
        return !Wire.IsReceiving;
    }

    public void Close()
    {
        Wire.Owner = null;
        Wire.Close();
        ReturnBlocks();
    }

    public void Abort()
    {
        Wire.Owner = null;
        Wire.Abort();
        ReturnBlocks();
    }

    /// <summary>Large answers are over: back to a small buffer.</summary>
    private void Shrink()
    {
        if (_buffer.Length == BlockPool.BlockBytes || _receiving)
            return;
        blocks.GiveLarge(_buffer);
        _buffer = blocks.Take();
        _start = _end = HeadRoom;
    }

    private void ReturnBlocks()
    {
        // A block that an operation of the kernel's may still touch is left to the collector.
        if (_buffer.Length == 0)
            return;
        if (Wire.IsReceiving)
            blocks.Forget(_buffer);
        else if (_buffer.Length == BlockPool.BlockBytes)
            blocks.Give(_buffer);
        else
            blocks.GiveLarge(_buffer);
        _buffer = [];
    }

    private void Receive()
    {
        if (_start == _end)
            _start = _end = HeadRoom;
        if (_end == _buffer.Length)
            MakeRoom();
        _receiving = true;
        Wire.BeginReceive(_buffer, _end, _buffer.Length - _end);
    }

    private void MakeRoom()
    {
        if (_start > HeadRoom)
        {
            System.Buffer.BlockCopy(_buffer, _start, _buffer, HeadRoom, _end - _start);
            _end -= _start - HeadRoom;
            _start = HeadRoom;
            return;
        }

        Grow();
    }

    private void Grow()
    {
        if (_buffer.Length != BlockPool.BlockBytes)
            return;
        var grown = blocks.TakeLarge();
        System.Buffer.BlockCopy(_buffer, _start, grown, HeadRoom, _end - _start);
        blocks.Give(_buffer);
        _end = HeadRoom + (_end - _start);
        _start = HeadRoom;
        _buffer = grown;
    }

    private AnswerPiece EndOfStream(int received)
    {
        _receiving = false;
        Head.KeepAlive = false;
        if (_ended)
            return AnswerPiece.End;
        if (!HasAnswered)
            return AnswerPiece.Nothing;
        if (received == 0 && _headDone && Head.Framing == BodyFraming.UntilClose)
        {
            _ended = true;
            return AnswerPiece.End;
        }

        return AnswerPiece.Interrupted;
    }

    private bool TryTake(GateLimits limits, out AnswerPiece piece)
    {
        piece = default;
        if (!_headDone)
            return _start < _end && TryTakeHead(limits, out piece);
        switch (Head.Framing)
        {
            case BodyFraming.Length when _bodyLeft > 0:
                if (_start == _end)
                    return false;
                TakePayload((int)Math.Min(_bodyLeft, _end - _start));
                _bodyLeft -= PieceCount;
                piece = AnswerPiece.Payload;
                return true;
            case BodyFraming.UntilClose:
                if (_start == _end)
                    return false;
                TakePayload(_end - _start);
                piece = AnswerPiece.Payload;
                return true;
            case BodyFraming.Chunked when !_ended:
                return TryTakeChunk(limits, out piece);
            default:
                _ended = true;
                piece = AnswerPiece.End;
                return true;
        }
    }

    private bool TryTakeHead(GateLimits limits, out AnswerPiece piece)
    {
        piece = default;
        switch (ResponseParser.Parse(_buffer, _start, _end - _start, _verb, limits, Head, out var fault))
        {
            case ParseResult.Incomplete:
                return false;
            case ParseResult.Refused:
                Fault = fault;
                piece = AnswerPiece.Malformed;
                return true;
        }

        _start += Head.Length;
        PieceCount = 0;
        if (Head.IsInterim)
        {
            piece = AnswerPiece.Interim;
            return true;
        }

        _headDone = true;
        PieceCount = 0;
        _bodyLeft = Head.Framing == BodyFraming.Length ? Head.ContentLength : 0;
        // Trailers are kept only where they were announced, which costs a buffer.
        if (Head.Framing == BodyFraming.Chunked && Head.Fields.IndexOf(KnownField.Trailer) >= 0)
            _chunks = new ChunkedReader(new byte[limits.TrailerBytesMax]);
        piece = AnswerPiece.Head;
        return true;
    }

    /// <summary>The trailer lines of the answer that is whole; empty where it had none.</summary>
    public ReadOnlySpan<byte> Trailers => _chunks.Trailers;

    /// <summary>Once the head has been passed on, larger steps for a large answer.</summary>
    public void ExpectBody()
    {
        if (_start == _end && (_bodyLeft >= LargeAnswerBytes))
            Grow();
    }

    /// <summary>Takes the body bytes that came with the head, of a body that is not chunked; may be empty.</summary>
    public ArraySegment<byte> TakeWithHead()
    {
        if (Head.Framing is not (BodyFraming.Length or BodyFraming.UntilClose))
            return ArraySegment<byte>.Empty;
        var here = _end - _start;
        TakePayload(Head.Framing == BodyFraming.Length ? (int)Math.Min(_bodyLeft, here) : here);
        _bodyLeft -= PieceCount;
        return new ArraySegment<byte>(_buffer, PieceStart, PieceCount);
    }

    private void TakePayload(int count)
    {
        PieceStart = _start;
        PieceCount = count;
        _start += count;
    }

    private bool TryTakeChunk(GateLimits limits, out AnswerPiece piece)
    {
        piece = default;
        while (_start < _end)
        {
            var result = _chunks.Read(
                _buffer.AsSpan(_start, _end - _start), limits, out var consumed, out var payload, out var fault);
            if (result == ParseResult.Refused)
            {
                Fault = fault;
                piece = AnswerPiece.Malformed;
                return true;
            }

            if (!payload.IsEmpty)
            {
                _buffer.AsSpan().Overlaps(payload, out var offset);
                PieceStart = offset;
                PieceCount = payload.Length;
            }

            _start += consumed;
            _ended = result == ParseResult.Complete;
            if (!payload.IsEmpty)
            {
                piece = AnswerPiece.Payload;
                return true;
            }

            if (_ended)
            {
                piece = AnswerPiece.End;
                return true;
            }

            if (consumed == 0)
                return false;
        }

        return false;
    }
}
