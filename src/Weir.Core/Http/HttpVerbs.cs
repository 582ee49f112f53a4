namespace Weir.Core.Http;

/// <summary>Facts about methods that decide retries (RFC 9110 section 9.2).</summary>
internal static class HttpVerbs
{
    /// <summary>
    /// True where doing it twice is the same as once, so that a retry is allowed (RFC 9110 section 9.2.2).
    /// </summary>
    public static bool IsIdempotent(this HttpVerb verb) => verb is HttpVerb.Get or HttpVerb.Head or HttpVerb.Put
        or HttpVerb.Delete or HttpVerb.Options or HttpVerb.Trace;
}
