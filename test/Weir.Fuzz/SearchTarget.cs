using Weir.Core.Caching;

namespace Weir.Fuzz;

/// <summary>
/// Two lines: a No-Vary-Search and a query. A query that was brought into its form stays so, and
/// has nothing that was not there.
/// </summary>
internal static class SearchTarget
{
    private const byte Between = (byte)'\n';

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        FuzzList(data);
        var cut = data.IndexOf(Between);
        if (SearchVariance.Read(cut < 0 ? data : data[..cut]) is not { } search)
            return;
        if (!search.IgnoresOrder && !search.Drops)
            throw new InvariantException("What says nothing was read.");
        FuzzQuery(search, cut < 0 ? data : data[(cut + 1)..], sorts: true);
        FuzzQuery(search, cut < 0 ? data : data[(cut + 1)..], sorts: false);
    }

    /// <summary>The same words, as a list of strings: what is read of one comes from between its quotes.</summary>
    private static void FuzzList(ReadOnlySpan<byte> data)
    {
        var strings = StructuredStrings.OfList(data);
        var bytes = 0;
        while (strings.Next(out var text))
            bytes += text.Length + 2;
        if (bytes > data.Length)
            throw new InvariantException("A list has grown.");
    }

    private static void FuzzQuery(SearchVariance search, ReadOnlySpan<byte> query, bool sorts)
    {
        var policy = CachePolicy.Default with { QuerySort = sorts };
        var output = new KeyOutput(new byte[query.Length + 1], 0);
        var isNormal = true;
        var reason = KeyQuery.Write(query, policy, search, ref output, ref isNormal);
        if (output.IsFull)
            throw new InvariantException("A query has grown.");
        if (reason != CacheReason.None || output.Written == 0)
            return;
        var written = output.Bytes[1..];
        if (isNormal != written.SequenceEqual(query))
            throw new InvariantException("It does not tell whether it came so.");
        var again = new KeyOutput(new byte[query.Length + 1], 0);
        isNormal = true;
        KeyQuery.Write(written, policy, search, ref again, ref isNormal);
        if (!isNormal || !again.Bytes.SequenceEqual(output.Bytes))
            throw new InvariantException("What is in its form has another.");
    }
}
