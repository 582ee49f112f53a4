namespace Weir.Core.Http;

/// <summary>Reads the head of an app's response strictly, over bytes.</summary>
internal static class ResponseParser
{
    public static ParseResult Parse(
        byte[] buffer, int offset, int count, HttpVerb requestVerb, GateLimits limits, ResponseHead head,
        out GateRule fault) =>
        throw new NotImplementedException();
}
