using System.Globalization;

namespace Weir.Dummy;

/// <summary>A request head as text: slow and plain, since this app exists to be watched.</summary>
internal sealed class DummyRequest
{
    public required string Head { get; init; }
    public required string Method { get; init; }
    public required string Path { get; init; }
    public required string Query { get; init; }
    public long ContentLength { get; private init; }
    public bool Chunked { get; private init; }
    public bool WantsClose { get; private init; }

    /// <param name="head">Request line and fields, each with its CRLF.</param>
    public static DummyRequest Parse(string head)
    {
        var line = head[..head.IndexOf("\r\n", StringComparison.Ordinal)].Split(' ');
        if (line.Length != 3) throw new FormatException("not a request line");
        var target = line[1].Split('?', 2);
        var connection = Field(head, "Connection");
        return new DummyRequest
        {
            Head = head,
            Method = line[0],
            Path = target[0],
            Query = target.Length > 1 ? target[1] : "",
            ContentLength = long.TryParse(Field(head, "Content-Length"), out var length) ? length : 0,
            Chunked = Field(head, "Transfer-Encoding").Contains("chunked", StringComparison.OrdinalIgnoreCase),
            WantsClose = connection.Contains("close", StringComparison.OrdinalIgnoreCase)
                || (line[2] == "HTTP/1.0" && !connection.Contains("keep-alive", StringComparison.OrdinalIgnoreCase)),
        };
    }

    public long Number(string name, long otherwise)
    {
        foreach (var pair in Query.Split('&'))
        {
            if (pair.StartsWith(name + "=", StringComparison.Ordinal)
                && long.TryParse(pair.AsSpan(name.Length + 1), NumberStyles.None, null, out var found)) return found;
        }

        return otherwise;
    }

    /// <summary>The first such field's value, or nothing.</summary>
    public string Field(string name) => Field(Head, name);

    private static string Field(string head, string name)
    {
        var at = head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var from = at + name.Length + 3;
        return head[from..head.IndexOf("\r\n", from, StringComparison.Ordinal)].Trim();
    }
}
