namespace Weir.Core.Http;

/// <summary>
/// What the fields of one request head mean together: framing, host, connection, upgrade, expectation. Fields are taken
/// as they come; what depends on several of them, in whatever order, is decided at the end.
/// </summary>
internal struct RequestMeaning
{
    private const ulong ConcernedWith =
        1UL << (int)KnownField.Host | 1UL << (int)KnownField.Connection | 1UL << (int)KnownField.ContentLength |
        1UL << (int)KnownField.TransferEncoding | 1UL << (int)KnownField.Expect | 1UL << (int)KnownField.Upgrade |
        1UL << (int)KnownField.SecWebSocketKey;

    /// <summary>Base64 of the sixteen bytes of a nonce (RFC 6455 section 4.1).</summary>
    private const int WebSocketKeyLength = 24;

    private bool _hasHost;
    private int _hostStart;
    private int _hostLength;
    private bool _hasLength;
    private bool _isChunked;
    private bool _closes;
    private bool _keepsAlive;
    private bool _asksUpgrade;
    private bool _isWebSocket;
    private int _upgrades;
    private int _keys;
    private bool _keyFits;

    public static bool Concerns(KnownField known) => (ConcernedWith >> (int)known & 1) != 0;

    /// <summary>
    /// Takes one field that <see cref="Concerns"/> named. False: refuse with <paramref name="fault"/>.
    /// </summary>
    public bool Take(in Field field, GateLimits limits, RequestHead head, out GateRule fault)
    {
        var value = head.ValueOf(field);
        fault = field.Known switch
        {
            KnownField.Host => TakeHost(field),
            KnownField.Connection => TakeConnection(value),
            KnownField.ContentLength => TakeLength(value, head),
            KnownField.TransferEncoding => TakeTransferEncoding(value, head),
            KnownField.Expect => TakeExpect(value, head),
            _ => TakeUpgrade(field.Known, value),
        };
        if (fault == GateRule.None)
            return true;
        if (!GateRules.LetsPass(fault, limits, head))
            return false;
        fault = GateRule.None;
        return true;
    }

    /// <summary>Decides what only the whole head tells. False: refuse with <paramref name="fault"/>.</summary>
    public bool Conclude(GateLimits limits, RequestHead head, out GateRule fault)
    {
        if (_isChunked)
        {
            if (_hasLength)
            {
                fault = GateRule.TransferEncodingWithLength;
                return false;
            }

            head.Framing = BodyFraming.Chunked;
            head.ContentLength = -1;
        }
        else if (head.ContentLength > 0)
        {
            head.Framing = BodyFraming.Length;
        }

        head.KeepAlive = !_closes && (!head.IsHttp10 || _keepsAlive);
        fault = FaultOfHost(limits, head);
        if (fault != GateRule.None && !GateRules.LetsPass(fault, limits, head))
            return false;
        fault = FaultOfUpgrade(head);
        if (fault != GateRule.None && !GateRules.LetsPass(fault, limits, head))
            return false;
        fault = GateRule.None;
        return true;
    }

    private GateRule TakeHost(in Field field)
    {
        if (_hasHost)
            return GateRule.HostRepeated;
        _hasHost = true;
        _hostStart = field.ValueStart;
        _hostLength = field.ValueLength;
        return GateRule.None;
    }

    private GateRule TakeConnection(ReadOnlySpan<byte> value)
    {
        if (Tokens.IsKeepAlive(value))
        {
            _keepsAlive = true;
            return GateRule.None;
        }

        var fault = GateRule.None;
        var options = new Tokens(value);
        while (options.Next(out var option))
        {
            if (Tokens.Equal(option, "close"u8))
                _closes = true;
            else if (Tokens.Equal(option, "keep-alive"u8))
                _keepsAlive = true;
            else if (Tokens.Equal(option, "upgrade"u8))
                _asksUpgrade = true;
            else if (TrustedFields.Contains(KnownFields.Of(option)))
                fault = GateRule.ConnectionOptionTrusted;
        }

        return fault;
    }

    private GateRule TakeLength(ReadOnlySpan<byte> value, RequestHead head)
    {
        if (_hasLength)
            return GateRule.ContentLengthRepeated;
        _hasLength = true;
        head.ContentLength = MessageLength.OfContentLength(value);
        return head.ContentLength < 0 ? GateRule.ContentLengthInvalid : GateRule.None;
    }

    private GateRule TakeTransferEncoding(ReadOnlySpan<byte> value, RequestHead head)
    {
        if (head.IsHttp10)
            return GateRule.TransferEncodingInHttp10;
        if (_isChunked)
            return GateRule.TransferEncodingRepeated;
        _isChunked = true;
        return MessageLength.FaultOfTransferEncoding(value);
    }

    private static GateRule TakeExpect(ReadOnlySpan<byte> value, RequestHead head)
    {
        // An HTTP/1.0 client cannot have meant it (RFC 9110 section 10.1.1).
        if (head.IsHttp10)
            return GateRule.None;
        if (!Tokens.Equal(value, "100-continue"u8))
            return GateRule.ExpectationUnknown;
        head.ExpectContinue = true;
        return GateRule.None;
    }

    private GateRule TakeUpgrade(KnownField known, ReadOnlySpan<byte> value)
    {
        if (known == KnownField.SecWebSocketKey)
        {
            _keys++;
            _keyFits = value.Length == WebSocketKeyLength && value.EndsWith("=="u8);
        }
        else
        {
            _upgrades++;
            _isWebSocket = Tokens.Equal(value, "websocket"u8);
        }

        return GateRule.None;
    }

    private readonly GateRule FaultOfHost(GateLimits limits, RequestHead head)
    {
        var target = head.Host;
        var host = head.Slice(_hostStart, _hostLength);
        // The authority of an absolute target routes, whatever Host says (RFC 9112 section 3.2.2).
        var isAbsolute = head.HostLength > 0;
        if (!isAbsolute)
        {
            head.HostStart = _hostStart;
            head.HostLength = _hostLength;
        }

        if (!_hasHost && !head.IsHttp10)
            return GateRule.HostMissing;
        if (isAbsolute)
        {
            if (!HostSyntax.IsValid(target))
                return GateRule.HostInvalid;
            return _hasHost && !Tokens.Equal(target, host) ? GateRule.HostDisagreesWithTarget : GateRule.None;
        }

        if (host.IsEmpty)
            return limits.HostRequired ? GateRule.HostEmpty : GateRule.None;
        return HostSyntax.IsValid(host) ? GateRule.None : GateRule.HostInvalid;
    }

    /// <summary>
    /// Only a whole and proper WebSocket handshake is an upgrade. Any other (h2c above all: a way to smuggle) is an
    /// ordinary request whose Upgrade field goes no further (RFC 9110 section 7.8).
    /// </summary>
    private readonly GateRule FaultOfUpgrade(RequestHead head)
    {
        if (!_isWebSocket || !_asksUpgrade || head.IsHttp10)
            return GateRule.None;
        if (head.Framing != BodyFraming.None)
            return GateRule.UpgradeWithBody;
        head.IsWebSocket = head.Verb == HttpVerb.Get && _upgrades == 1 && _keys == 1 && _keyFits;
        return GateRule.None;
    }
}
