using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

/// <summary>Heads as text, field lines parted by bars, and moments that tests count from.</summary>
internal static class CacheText
{
    /// <summary>Sun, 22 Nov 2026 10:00:00 GMT.</summary>
    public const long Now = 1_795_341_600_000;

    public const long Second = 1000;
    public const long Hour = 3600 * Second;

    public static readonly CachePolicy Safe = new();
    public static readonly CachePolicy Rfc = new() { Profile = CacheProfile.Rfc };

    public static readonly FillTimes AtOnce = new(Now, Now);

    public static RequestHead Request(
        string fields = "", string target = "/a", string method = "GET", string host = "h") =>
        HeadText.Accepted($"{method} {target} HTTP/1.1\r\nHost: {host}\r\n{Lines(fields)}\r\n");

    public static RequestFacts Facts(string fields = "", string method = "GET") =>
        RequestFacts.Read(Request(fields, method: method));

    public static ResponseHead Response(string fields = "", string status = "200 OK") =>
        HeadText.AcceptedResponse($"HTTP/1.1 {status}\r\n{Lines(fields)}\r\n");

    public static ResponseFacts Answer(string fields = "", string status = "200 OK", CachePolicy? policy = null) =>
        ResponseFacts.Read(Response(fields, status), policy ?? Safe, Now);

    /// <summary>Now plus some seconds, as HTTP writes it.</summary>
    public static string Date(long seconds = 0)
    {
        var text = new byte[HttpDate.Length];
        HttpDate.Write(Now + seconds * Second, text);
        return HeadText.Text(text);
    }

    /// <summary>In place of {0} the date of now, of {-60} that of a minute ago.</summary>
    public static string WithDates(string fields)
    {
        while (fields.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start)
        {
            var end = fields.IndexOf('}', start);
            var seconds = long.Parse(fields[(start + 1)..end], System.Globalization.CultureInfo.InvariantCulture);
            fields = fields[..start] + Date(seconds) + fields[(end + 1)..];
        }

        return fields;
    }

    private static string Lines(string fields) => string.Concat(WithDates(fields)
        .Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line + "\r\n"));
}
