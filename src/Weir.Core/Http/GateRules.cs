namespace Weir.Core.Http;

/// <summary>Explains the rules of the wire gate: status, name, reason, and what becomes of the connection.</summary>
internal static class GateRules
{
    private static readonly GateVerdict[] Verdicts = Build();

    public static GateVerdict Of(GateRule rule) => Verdicts[(int)rule];

    /// <summary>
    /// True where report mode lets this fault through; the first one of a head is kept in
    /// <see cref="RequestHead.Reported"/>.
    /// </summary>
    public static bool LetsPass(GateRule rule, GateLimits limits, RequestHead head)
    {
        if (!limits.ReportOnly || Of(rule).IsFraming)
            return false;
        if (head.Reported == GateRule.None)
            head.Reported = rule;
        return true;
    }

    private static GateVerdict[] Build()
    {
        var verdicts = new GateVerdict[Enum.GetValues<GateRule>().Length];
        AddLines(verdicts);
        AddRequestLine(verdicts);
        AddFields(verdicts);
        AddFraming(verdicts);
        AddMeaning(verdicts);
        AddChunks(verdicts);
        AddLimits(verdicts);
        return verdicts;
    }

    /// <summary>A rule on which message framing rests: always refused, and the connection closes.</summary>
    private static GateVerdict Framing(int status, string name, string why) => new(status, name, why, true, true);

    /// <summary>A rule whose breach leaves the end of the message certain: report mode lets it pass.</summary>
    private static GateVerdict Meaning(int status, string name, string why) => new(status, name, why, false, false);

    private static void AddLines(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.None] = new(200, "none", "No rule was broken.", false, false);
        verdicts[(int)GateRule.BareCarriageReturn] = Framing(400, "bare-cr",
            "A carriage return stands without its line feed (RFC 9112 section 2.2).");
        verdicts[(int)GateRule.BareLineFeed] = Framing(400, "bare-lf",
            "A line ends in a line feed alone; Weir takes only CRLF (RFC 9112 section 2.2).");
        verdicts[(int)GateRule.NulByte] = Framing(400, "nul-byte",
            "A NUL byte stands in the head (RFC 9110 section 5.5).");
    }

    private static void AddRequestLine(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.TlsHandshake] = Framing(400, "tls-handshake",
            "The first byte opens a TLS handshake, but this listener speaks cleartext HTTP (RFC 8446 section 5.1).");
        verdicts[(int)GateRule.MethodInvalid] = Framing(400, "method-invalid",
            "The first bytes are not a method followed by one space (RFC 9112 section 3.1).");
        verdicts[(int)GateRule.MethodConnect] = Framing(405, "method-connect",
            "CONNECT asks for a tunnel, which a front door does not give (RFC 9110 section 9.3.6).");
        verdicts[(int)GateRule.MethodTrace] = Meaning(405, "method-trace",
            "TRACE would send the request's own secrets back (RFC 9110 section 9.3.8).");
        verdicts[(int)GateRule.TargetInvalid] = Framing(400, "target-invalid",
            "The target is neither a path nor an http(s) address (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.TargetControlByte] = Framing(400, "target-control-byte",
            "A raw control byte stands in the target (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.TargetSpace] = Framing(400, "target-space",
            "White space stands in the target, so the request line has no certain parts (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.TargetFragment] = Meaning(400, "target-fragment",
            "The target carries a fragment, which never goes on the wire (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.TargetNonAscii] = Meaning(400, "target-non-ascii",
            "The target holds raw bytes above 0x7F, which must be percent-encoded (RFC 3986 section 2).");
        verdicts[(int)GateRule.TargetAsterisk] = Framing(400, "target-asterisk",
            "The target * belongs to OPTIONS alone (RFC 9112 section 3.2.4).");
        verdicts[(int)GateRule.VersionMissing] = Framing(400, "version-missing",
            "The request line has no version, as in HTTP/0.9 (RFC 9112 section 3).");
        verdicts[(int)GateRule.VersionInvalid] = Framing(400, "version-invalid",
            "The request line does not end in HTTP/ digit . digit and CRLF (RFC 9112 section 2.3).");
        verdicts[(int)GateRule.VersionUnsupported] = Framing(505, "version-unsupported",
            "Only HTTP/1.0 and HTTP/1.1 are spoken in this form (RFC 9110 section 15.6.6).");
    }

    private static void AddFields(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.SpaceBeforeFirstField] = Framing(400, "space-before-first-field",
            "White space stands between the start line and the first field (RFC 9112 section 2.2).");
        verdicts[(int)GateRule.FoldedLine] = Framing(400, "folded-line",
            "A field goes on in a second line; obs-fold is read in different ways (RFC 9112 section 5.2).");
        verdicts[(int)GateRule.SpaceBeforeColon] = Framing(400, "space-before-colon",
            "White space stands between a field name and its colon (RFC 9112 section 5.1).");
        verdicts[(int)GateRule.ColonMissing] = Framing(400, "colon-missing",
            "A field line has no colon (RFC 9112 section 5).");
        verdicts[(int)GateRule.FieldNameInvalid] = Framing(400, "field-name-invalid",
            "A field name is empty or holds a byte that no token may hold (RFC 9110 section 5.6.2).");
        verdicts[(int)GateRule.ControlByteInValue] = Meaning(400, "control-byte-in-value",
            "A control byte stands in a field value (RFC 9110 section 5.5).");
        verdicts[(int)GateRule.UnderscoreFraming] = Framing(400, "underscore-framing",
            "With _ read as -, as CGI does, a field name is one that frames the message (RFC 3875 section 4.1.18).");
        verdicts[(int)GateRule.UnderscoreTrust] = Meaning(400, "underscore-trust",
            "With _ read as -, as CGI does, a field name is one that carries trust (RFC 3875 section 4.1.18).");
    }

    private static void AddFraming(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.ContentLengthInvalid] = Framing(400, "content-length-invalid",
            "Content-Length is not one to eighteen digits (RFC 9112 section 6.3).");
        verdicts[(int)GateRule.ContentLengthRepeated] = Framing(400, "content-length-repeated",
            "Content-Length stands twice (RFC 9112 section 6.3).");
        verdicts[(int)GateRule.TransferEncodingInvalid] = Framing(400, "transfer-encoding-invalid",
            "Transfer-Encoding does not end in chunked, once (RFC 9112 section 6.3).");
        verdicts[(int)GateRule.TransferEncodingRepeated] = Framing(400, "transfer-encoding-repeated",
            "Transfer-Encoding stands twice, or names chunked twice (RFC 9112 section 6.1).");
        verdicts[(int)GateRule.TransferEncodingUnsupported] = Framing(501, "transfer-encoding-unsupported",
            "Transfer-Encoding names a coding other than chunked (RFC 9112 section 6.1).");
        verdicts[(int)GateRule.TransferEncodingInHttp10] = Framing(400, "transfer-encoding-in-http10",
            "HTTP/1.0 has no Transfer-Encoding, so the framing is faulty (RFC 9112 section 6.1).");
        verdicts[(int)GateRule.TransferEncodingWithLength] = Framing(400, "transfer-encoding-with-length",
            "Transfer-Encoding and Content-Length disagree about the end of the body (RFC 9112 section 6.1).");
    }

    private static void AddMeaning(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.HostMissing] = Meaning(400, "host-missing",
            "There is no Host field (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.HostEmpty] = Meaning(400, "host-empty",
            "Host is empty, and here the host chooses the app (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.HostRepeated] = Meaning(400, "host-repeated",
            "Host stands twice (RFC 9112 section 3.2).");
        verdicts[(int)GateRule.HostInvalid] = Meaning(400, "host-invalid",
            "Host, or the authority of the target, is no name or address with perhaps a port (RFC 9110 section 7.2).");
        verdicts[(int)GateRule.HostDisagreesWithTarget] = Meaning(400, "host-disagrees-with-target",
            "The target names another host than the Host field (RFC 9112 section 3.2.2).");
        verdicts[(int)GateRule.ConnectionOptionTrusted] = Meaning(400, "connection-option-trusted",
            "Connection asks for the removal of a field that carries trust or framing (RFC 9110 section 7.6.1).");
        verdicts[(int)GateRule.UpgradeWithBody] = new(400, "upgrade-with-body",
            "A WebSocket upgrade has a body, whose end the tunnel would blur (RFC 6455 section 4.1).", false, true);
        verdicts[(int)GateRule.ExpectationUnknown] = new(417, "expectation-unknown",
            "Expect names something other than 100-continue (RFC 9110 section 10.1.1).", false, true);
        verdicts[(int)GateRule.TargetAmbiguous] = Meaning(400, "target-ambiguous",
            "The path reads differently before and after decoding (RFC 3986 section 6.2.2).");
        verdicts[(int)GateRule.ForwardLoop] = Meaning(508, "forward-loop",
            "Via shows that this request was here before (RFC 9110 section 7.6.3).");
        verdicts[(int)GateRule.StatusLineInvalid] = Framing(502, "status-line-invalid",
            "The app's answer does not begin with HTTP/1.x and a status from 100 to 599 (RFC 9112 section 4).");
    }

    private static void AddChunks(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.ChunkSizeInvalid] = Framing(400, "chunk-size-invalid",
            "A chunk size is not one or more hexadecimal digits (RFC 9112 section 7.1).");
        verdicts[(int)GateRule.ChunkSizeOverflow] = Framing(400, "chunk-size-overflow",
            "A chunk size is over sixteen digits or 63 bits (RFC 9112 section 7.1).");
        verdicts[(int)GateRule.ChunkExtensionInvalid] = Framing(400, "chunk-extension-invalid",
            "A chunk extension holds a byte or an open quotation that it must not hold (RFC 9112 section 7.1.1).");
        verdicts[(int)GateRule.ChunkExtensionTooLong] = Framing(400, "chunk-extension-too-long",
            "Chunk extensions are longer than any use of them (RFC 9112 section 7.1.1).");
        verdicts[(int)GateRule.ChunkEndMissing] = Framing(400, "chunk-end-missing",
            "The bytes after a chunk's data are not CRLF (RFC 9112 section 7.1).");
        verdicts[(int)GateRule.TrailerTooLarge] = Framing(431, "trailer-too-large",
            "The trailer section is over its limit (RFC 9112 section 7.1.2).");
    }

    private static void AddLimits(GateVerdict[] verdicts)
    {
        verdicts[(int)GateRule.RequestLineTooLong] = new(414, "request-line-too-long",
            "The request line is over its limit (RFC 9110 section 15.5.15).", false, true);
        verdicts[(int)GateRule.HeadTooLarge] = Framing(431, "head-too-large",
            "The head is over its limit (RFC 6585 section 5).");
        verdicts[(int)GateRule.FieldsTooMany] = new(431, "fields-too-many",
            "The head has more fields than the limit (RFC 6585 section 5).", false, true);
        verdicts[(int)GateRule.HeadTooSlow] = Framing(408, "head-too-slow",
            "The head was not whole within its time (RFC 9110 section 15.5.9).");
        verdicts[(int)GateRule.BodyTooLarge] = Framing(413, "body-too-large",
            "The body is over its limit (RFC 9110 section 15.5.14).");
    }
}
