namespace Weir.Core.Http;

/// <summary>
/// What the fields of one response head mean together: where its body ends, what becomes of the connection.
/// </summary>
internal struct ResponseMeaning
{
    private const ulong ConcernedWith =
        1UL << (int)KnownField.Connection | 1UL << (int)KnownField.ContentLength |
        1UL << (int)KnownField.TransferEncoding | 1UL << (int)KnownField.ContentType |
        1UL << (int)KnownField.XAccelBuffering;

    private bool _hasLength;
    private bool _isChunked;
    private bool _closes;
    private bool _keepsAlive;

    public static bool Concerns(KnownField known) => (ConcernedWith >> (int)known & 1) != 0;

    /// <summary>Takes one field that <see cref="Concerns"/> named; anything but None refuses the response.</summary>
    public GateRule Take(in Field field, ResponseHead head)
    {
        var value = head.ValueOf(field);
        switch (field.Known)
        {
            case KnownField.Connection:
                TakeConnection(value);
                return GateRule.None;
            case KnownField.ContentLength:
                if (_hasLength)
                    return GateRule.ContentLengthRepeated;
                _hasLength = true;
                head.ContentLength = MessageLength.OfContentLength(value);
                return head.ContentLength < 0 ? GateRule.ContentLengthInvalid : GateRule.None;
            case KnownField.TransferEncoding:
                if (_isChunked)
                    return GateRule.TransferEncodingRepeated;
                _isChunked = true;
                return head.IsHttp10
                    ? GateRule.TransferEncodingInHttp10
                    : MessageLength.FaultOfTransferEncoding(value);
            case KnownField.ContentType:
                head.IsEventStream = IsEventStream(value);
                return GateRule.None;
            default:
                head.IsUnbuffered = Tokens.Equal(value, "no"u8);
                return GateRule.None;
        }
    }

    /// <summary>Decides what only the whole head tells (RFC 9112 section 6.3). False: refuse.</summary>
    public readonly bool Conclude(HttpVerb requestVerb, ResponseHead head, out GateRule fault)
    {
        fault = GateRule.None;
        if (_isChunked && _hasLength)
        {
            fault = GateRule.TransferEncodingWithLength;
            return false;
        }

        head.KeepAlive = !_closes && (!head.IsHttp10 || _keepsAlive);
        if (requestVerb == HttpVerb.Head || head.Status is < 200 or 204 or 304)
        {
            head.Framing = BodyFraming.None;
        }
        else if (_isChunked)
        {
            head.Framing = BodyFraming.Chunked;
        }
        else if (_hasLength)
        {
            head.Framing = head.ContentLength > 0 ? BodyFraming.Length : BodyFraming.None;
        }
        else
        {
            // Without a length the end of the connection is the end of the body, so it cannot be kept.
            head.Framing = BodyFraming.UntilClose;
            head.KeepAlive = false;
        }

        return true;
    }

    private void TakeConnection(ReadOnlySpan<byte> value)
    {
        if (Tokens.IsKeepAlive(value))
        {
            _keepsAlive = true;
            return;
        }

        var options = new Tokens(value);
        while (options.Next(out var option))
        {
            _closes |= Tokens.Equal(option, "close"u8);
            _keepsAlive |= Tokens.Equal(option, "keep-alive"u8);
        }
    }

    private static bool IsEventStream(ReadOnlySpan<byte> contentType)
    {
        var semicolon = contentType.IndexOf((byte)';');
        var mediaType = semicolon < 0 ? contentType : contentType[..semicolon].TrimEnd(" \t"u8);
        return Tokens.Equal(mediaType, "text/event-stream"u8);
    }
}
