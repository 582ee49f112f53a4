using System.Security.Cryptography;
using System.Text;
using Weir.Core.Http;

namespace Weir.Edge.Kestrel;

/// <summary>The proof that an app answered this WebSocket handshake and no other (RFC 6455 section 4.2.2).</summary>
internal static class WebSocketKey
{
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    public static bool IsAnsweredBy(ResponseHead head, string key)
    {
        if (key.Length == 0)
            return false;
        // The RFC names SHA-1; nothing here rests on its strength.
#pragma warning disable CA5350
        var expected = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
        for (var index = 0; index < head.Fields.Count; index++)
        {
            var field = head.Fields[index];
            if (Ascii.EqualsIgnoreCase(head.NameOf(field), "Sec-WebSocket-Accept"u8))
                return Ascii.Equals(head.ValueOf(field), expected);
        }

        return false;
    }
}
