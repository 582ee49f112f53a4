using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// What a request says in the fields that an answer varies by, in one form for all that mean the same. Stored beside
/// the answer; a later request fits if its own bytes are equal.
/// </summary>
internal static class VaryValues
{
    /// <param name="names">As <see cref="VaryNames.Read"/> wrote them.</param>
    /// <returns>Bytes written; −1 where the destination is too small: the request then fits no variant.</returns>
    public static int Write(
        RequestHead head, ReadOnlySpan<byte> names, CachePolicy policy, Span<byte> destination)
    {
        throw new NotImplementedException();
    }

    /// <summary>
    /// True where two requests differ in nothing but Accept-Language, and the one that asks now wants most of all, and
    /// alone, the language that the stored answer is in (Content-Language): any negotiation would choose it again.
    /// </summary>
    /// <param name="storedValues">What <see cref="Write"/> made of the request that was stored.</param>
    /// <param name="values">What it made of this one.</param>
    public static bool FitByLanguage(
        RequestHead head, ReadOnlySpan<byte> names, ReadOnlySpan<byte> storedValues, ReadOnlySpan<byte> values,
        ReadOnlySpan<byte> contentLanguage)
    {
        throw new NotImplementedException();
    }
}
