namespace Weir.Core.Http;

/// <summary>
/// A parsed response head of the app: a view over bytes that somebody else owns, as <see cref="RequestHead"/> is.
/// </summary>
internal sealed class ResponseHead
{
    private byte[] _buffer = [];
    private int _offset;

    public HeadFields Fields { get; } = new();

    /// <summary>Bytes of the head with its last empty line.</summary>
    public int Length { get; set; }

    /// <summary>100 to 599.</summary>
    public int Status { get; set; }

    public int ReasonStart { get; set; }
    public int ReasonLength { get; set; }
    public bool IsHttp10 { get; set; }

    /// <summary>Framing after the rules for HEAD, 1xx, 204 and 304 (RFC 9112 section 6.3).</summary>
    public BodyFraming Framing { get; set; }

    /// <summary>Bytes announced, also where no body follows (HEAD, 304); −1 where unknown.</summary>
    public long ContentLength { get; set; }

    /// <summary>True if the app keeps the connection after this answer.</summary>
    public bool KeepAlive { get; set; }

    /// <summary>True for text/event-stream.</summary>
    public bool IsEventStream { get; set; }

    /// <summary>True for X-Accel-Buffering: no.</summary>
    public bool IsUnbuffered { get; set; }

    /// <summary>True for 100 to 199 other than 101.</summary>
    public bool IsInterim => Status is >= 100 and < 200 and not 101;

    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(_offset, Length);
    public ReadOnlySpan<byte> Reason => Slice(ReasonStart, ReasonLength);
    public ReadOnlySpan<byte> Slice(int start, int length) => _buffer.AsSpan(_offset + start, length);
    public ReadOnlySpan<byte> NameOf(in Field field) => Slice(field.NameStart, field.NameLength);
    public ReadOnlySpan<byte> ValueOf(in Field field) => Slice(field.ValueStart, field.ValueLength);

    public void Reset(byte[] buffer, int offset)
    {
        _buffer = buffer;
        _offset = offset;
        Fields.Clear();
        Length = Status = ReasonStart = ReasonLength = 0;
        IsHttp10 = KeepAlive = IsEventStream = IsUnbuffered = false;
        Framing = BodyFraming.None;
        ContentLength = -1;
    }
}
