using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using Weir.Core.Http;

namespace Weir.Edge.Kestrel;

/// <summary>
/// A request of HTTP/2 as the HTTP/1.1 head that it stands for, so that one gate judges both and every room behind it
/// knows one form. Nothing gets into the head that could end a line of it.
/// </summary>
internal sealed class Http2Head
{
    private static readonly SearchValues<char> NameLetters = SearchValues.Create(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~");

    /// <summary>Malformed in HTTP/2 (RFC 9113 section 8.2.2); Kestrel itself refuses only the first of them.</summary>
    private static readonly HashSet<string> OfOneConnection = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Transfer-Encoding", "Upgrade", "Keep-Alive", "Proxy-Connection",
    };

    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    private Http2Head()
    {
    }

    /// <summary>The head's bytes, as a line parser takes them.</summary>
    public byte[] Bytes => _bytes.WrittenSpan.ToArray();

    /// <summary>What forbids to write it as lines at all; the parser's rules come after.</summary>
    public GateRule Fault { get; private set; }

    /// <summary>The key made for a WebSocket's handshake with the app; empty for any other request.</summary>
    public string WebSocketKey { get; private set; } = "";

    public static Http2Head Of(IFeatureCollection features)
    {
        var request = features.GetRequiredFeature<IHttpRequestFeature>();
        var connect = features.Get<IHttpExtendedConnectFeature>();
        var head = new Http2Head();
        if (connect is { IsExtendedConnect: true } && connect.Protocol == "websocket")
            head.WebSocketKey = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        head.WriteLine(request);
        head.WriteFields(request);
        head.WriteFraming(request, features.Get<IHttpRequestBodyDetectionFeature>());
        head.Put("\r\n");
        return head;
    }

    private void WriteLine(IHttpRequestFeature request)
    {
        var isWebSocket = WebSocketKey.Length > 0;
        PutChecked(isWebSocket ? "GET" : request.Method, GateRule.MethodInvalid);
        Put(" ");
        PutChecked(request.RawTarget, GateRule.TargetControlByte);
        Put(" HTTP/1.1\r\n");
        if (isWebSocket)
            Put($"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: {WebSocketKey}\r\n");
    }

    private void WriteFields(IHttpRequestFeature request)
    {
        foreach (var (name, values) in request.Headers)
        {
            // Pseudo-fields are in the request line and in Host already; a WebSocket's key is of one hop.
            if (name.StartsWith(':')
                || WebSocketKey.Length > 0 && name.Equals("Sec-WebSocket-Key", StringComparison.OrdinalIgnoreCase))
                continue;
            if (name.Length == 0 || name.AsSpan().ContainsAnyExcept(NameLetters)
                || OfOneConnection.Contains(name))
            {
                Fault = GateRule.FieldNameInvalid;
                continue;
            }

            if (values.Count > 1 && name.Equals("Cookie", StringComparison.OrdinalIgnoreCase))
            {
                // Crumbs become one field again (RFC 9113 section 8.2.3).
                WriteField(name, string.Join("; ", values.ToArray()));
                continue;
            }

            foreach (var value in values)
                WriteField(name, value ?? "");
        }
    }

    private void WriteField(string name, string value)
    {
        Put(name);
        Put(": ");
        PutChecked(value, GateRule.ControlByteInValue);
        Put("\r\n");
    }

    /// <summary>A body of unknown length is chunked in HTTP/1.1's words; its bytes come raw.</summary>
    private void WriteFraming(IHttpRequestFeature request, IHttpRequestBodyDetectionFeature? detection)
    {
        if (WebSocketKey.Length == 0 && detection is { CanHaveBody: true }
            && !request.Headers.ContainsKey("Content-Length"))
            Put("Transfer-Encoding: chunked\r\n");
    }

    private void PutChecked(string text, GateRule rule)
    {
        foreach (var letter in text)
        {
            if (letter is '\r' or '\n' or > '\u00FF')
            {
                Fault = rule;
                return;
            }
        }

        Put(text);
    }

    private void Put(string text) => Encoding.Latin1.GetBytes(text, _bytes);
}
