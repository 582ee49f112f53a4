namespace Weir.Core.Http;

/// <summary>
/// A parsed request head: a view over bytes that somebody else owns, reused from request to request. Nothing is copied
/// and no string is made. It is valid until its owner moves or reuses the bytes.
/// </summary>
internal sealed class RequestHead
{
    private byte[] _buffer = [];
    private int _offset;

    /// <summary>Fields in the order they came.</summary>
    public HeadFields Fields { get; } = new();

    /// <summary>Bytes of the head with its last empty line (leading empty line included).</summary>
    public int Length { get; set; }

    public HttpVerb Verb { get; set; }

    /// <summary>Offsets of the method and of the raw target within the head.</summary>
    public int MethodStart { get; set; }
    public int MethodLength { get; set; }
    public int TargetStart { get; set; }
    public int TargetLength { get; set; }

    /// <summary>
    /// Offsets of the authority that routes the request: the Host value, or the target's own where absolute.
    /// </summary>
    public int HostStart { get; set; }
    public int HostLength { get; set; }

    /// <summary>
    /// Offset of the path with its query within the head: the target itself unless it is in absolute form. Never empty:
    /// an absolute target without a path has <c>/</c> (a slash of its <c>://</c> is pointed at); OPTIONS may have
    /// <c>*</c>.
    /// </summary>
    public int PathStart { get; set; }
    public int PathLength { get; set; }

    public bool IsHttp10 { get; set; }
    public BodyFraming Framing { get; set; }

    /// <summary>Bytes of body announced; −1 where chunked, 0 where there is none.</summary>
    public long ContentLength { get; set; }

    /// <summary>True if the client wants the connection kept after this exchange (RFC 9112 section 9.3).</summary>
    public bool KeepAlive { get; set; }

    /// <summary>True for Expect: 100-continue on HTTP/1.1. Any other expectation is a fault.</summary>
    public bool ExpectContinue { get; set; }

    /// <summary>
    /// True for a well-formed WebSocket upgrade: GET, HTTP/1.1, Connection: upgrade, Upgrade: websocket, no body.
    /// </summary>
    public bool IsWebSocket { get; set; }

    /// <summary>The first rule that report mode let pass; <see cref="GateRule.None"/> on a clean head.</summary>
    public GateRule Reported { get; set; }

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_offset, Length);
    public ReadOnlySpan<byte> Method => Slice(MethodStart, MethodLength);
    public ReadOnlySpan<byte> Target => Slice(TargetStart, TargetLength);
    public ReadOnlySpan<byte> Host => Slice(HostStart, HostLength);
    public ReadOnlySpan<byte> Path => Slice(PathStart, PathLength);

    /// <summary>Bytes of the head from <paramref name="start"/>; for field names and values.</summary>
    public ReadOnlySpan<byte> Slice(int start, int length) => _buffer.AsSpan(_offset + start, length);

    public ReadOnlySpan<byte> NameOf(in Field field) => Slice(field.NameStart, field.NameLength);
    public ReadOnlySpan<byte> ValueOf(in Field field) => Slice(field.ValueStart, field.ValueLength);

    /// <summary>Points the head at new bytes and forgets everything it knew.</summary>
    public void Reset(byte[] buffer, int offset)
    {
        _buffer = buffer;
        _offset = offset;
        Fields.Clear();
        Length = MethodStart = MethodLength = TargetStart = TargetLength = 0;
        HostStart = HostLength = PathStart = PathLength = 0;
        Verb = HttpVerb.Other;
        IsHttp10 = KeepAlive = ExpectContinue = IsWebSocket = false;
        Framing = BodyFraming.None;
        ContentLength = 0;
        Reported = GateRule.None;
    }
}
