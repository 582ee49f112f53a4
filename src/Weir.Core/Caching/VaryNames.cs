using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>The fields that an answer varies by (RFC 9111 section 4.1), in one form for all spellings.</summary>
internal static class VaryNames
{
    /// <summary>More bytes of names than this are not kept (<see cref="CacheReason.VaryNames"/>).</summary>
    public const int BytesMax = 512;

    /// <summary>
    /// Writes the names in lower case, in order, each once, with commas between: "accept-encoding,cookie". Empty where
    /// the answer does not vary.
    /// </summary>
    /// <returns>Bytes written; −1 where they are too many, or one is no field name, or is <c>*</c>.</returns>
    public static int Read(ResponseHead head, Span<byte> destination)
    {
        throw new NotImplementedException();
    }
}
