namespace Weir.Core.Http;

/// <summary>Reads a request head strictly, over bytes, in one pass.</summary>
internal static class RequestParser
{
    /// <summary>
    /// Parses the head that starts at <paramref name="offset"/>. Incomplete leaves <paramref name="head"/> undefined and
    /// wants the same bytes again with more behind them.
    /// </summary>
    public static ParseResult Parse(
        byte[] buffer, int offset, int count, GateLimits limits, RequestHead head, out GateRule fault) =>
        throw new NotImplementedException();
}
