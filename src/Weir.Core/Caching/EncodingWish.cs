using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Which content codings a client takes, of those that variants are kept for. Others (zstd, deflate) are taken for not
/// there: an answer in one of them is not stored where it varies by Accept-Encoding.
/// </summary>
[Flags]
internal enum EncodingWishes : byte
{
    None = 0,
    Brotli = 1,
    Gzip = 2,

    /// <summary>"identity;q=0": nothing but a coding will do.</summary>
    NoIdentity = 4,
}

/// <summary>Reads Accept-Encoding (RFC 9110 section 12.5.3).</summary>
internal static class EncodingWish
{
    public static EncodingWishes Of(RequestHead head)
    {
        var wishes = EncodingWishes.None;
        var named = EncodingWishes.None;
        var star = -1;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known == KnownField.AcceptEncoding)
                Take(head.ValueOf(field), ref wishes, ref named, ref star);
        }

        if (star > 0)
            wishes |= ~named & (EncodingWishes.Brotli | EncodingWishes.Gzip);
        else if (star == 0)
            wishes |= ~named & EncodingWishes.NoIdentity;
        return wishes;
    }

    /// <summary>The same in one form, for a key and for the app: "br, gzip"; "gzip"; empty.</summary>
    public static ReadOnlySpan<byte> Text(this EncodingWishes wishes) => wishes switch
    {
        EncodingWishes.None => ""u8,
        EncodingWishes.Brotli => "br"u8,
        EncodingWishes.Gzip => "gzip"u8,
        EncodingWishes.Brotli | EncodingWishes.Gzip => "br, gzip"u8,
        EncodingWishes.NoIdentity => "identity;q=0"u8,
        EncodingWishes.NoIdentity | EncodingWishes.Brotli => "br, identity;q=0"u8,
        EncodingWishes.NoIdentity | EncodingWishes.Gzip => "gzip, identity;q=0"u8,
        _ => "br, gzip, identity;q=0"u8,
    };

    private static void Take(
        ReadOnlySpan<byte> value, ref EncodingWishes wishes, ref EncodingWishes named, ref int star)
    {
        var list = new Tokens(value);
        while (list.Next(out var element))
        {
            var quality = WeightedItem.Read(element, out var coding);
            switch (coding.Length)
            {
                case 1 when coding[0] == '*':
                    star = quality;
                    break;
                case 2 when Tokens.Equal(coding, "br"u8):
                    named |= EncodingWishes.Brotli;
                    wishes |= quality > 0 ? EncodingWishes.Brotli : 0;
                    break;
                case 4 when Tokens.Equal(coding, "gzip"u8):
                case 6 when Tokens.Equal(coding, "x-gzip"u8):
                    named |= EncodingWishes.Gzip;
                    wishes |= quality > 0 ? EncodingWishes.Gzip : 0;
                    break;
                case 8 when Tokens.Equal(coding, "identity"u8):
                    named |= EncodingWishes.NoIdentity;
                    wishes |= quality > 0 ? 0 : EncodingWishes.NoIdentity;
                    break;
            }
        }
    }
}
