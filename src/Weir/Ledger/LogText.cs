using System.Buffers;
using System.Text;

namespace Weir.Ledger;

/// <summary>
/// Puts what a client chose into a log line so that it cannot pass for anything else: no byte of it ends the value, the
/// line or an escape, and bytes a terminal could act on are spelt out. Secrets in a query are masked.
/// </summary>
internal static class LogText
{
    /// <summary>
    /// Bytes of a path that a line keeps; longer ones end in "...". 4 KiB: half of the longest request line.
    /// </summary>
    public const int PathBytesMax = 4 * 1024;

    /// <summary>Bytes of any other value from the client that a line keeps.</summary>
    public const int ValueBytesMax = 512;

    private static readonly SearchValues<byte> Bare =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ._-:/,[]~+@*"u8);

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ !#$%&'()*+,-./:;<=>?@[]^_`{|}~"u8);

    private static readonly SearchValues<byte> QueryEnds = SearchValues.Create("&;"u8);

    /// <summary>A value for logfmt: bare where every byte is harmless, otherwise quoted.</summary>
    public static void AddBare(ref LineBytes line, scoped ReadOnlySpan<byte> value)
    {
        if (value.Length <= ValueBytesMax && !value.ContainsAnyExcept(Bare))
            line.Add(value);
        else
            AddQuoted(ref line, value, json: false);
    }

    public static void AddQuoted(ref LineBytes line, scoped ReadOnlySpan<byte> value, bool json)
    {
        line.Add((byte)'"');
        AddCut(ref line, value, ValueBytesMax, json);
        line.Add((byte)'"');
    }

    /// <summary>A name from the options, which a person chose: made as harmless as a client's.</summary>
    public static void AddName(ref LineBytes line, string? name, bool json)
    {
        Span<byte> bytes = stackalloc byte[ValueBytesMax];
        if (!Encoding.UTF8.TryGetBytes(name, bytes, out var length))
            length = 0;
        if (json)
            AddQuoted(ref line, bytes[..length], json: true);
        else
            AddBare(ref line, bytes[..length]);
    }

    /// <summary>A path with its query, in quotes; values of keys that look secret are "***".</summary>
    public static void AddPath(ref LineBytes line, scoped ReadOnlySpan<byte> path, bool json)
    {
        line.Add((byte)'"');
        var isCut = path.Length > PathBytesMax;
        if (isCut)
            path = path[..PathBytesMax];
        var query = path.IndexOf((byte)'?');
        AddEscaped(ref line, query < 0 ? path : path[..(query + 1)], json);
        if (query >= 0)
            AddQuery(ref line, path[(query + 1)..], json);
        if (isCut)
            line.Add("..."u8);
        line.Add((byte)'"');
    }

    private static void AddQuery(ref LineBytes line, scoped ReadOnlySpan<byte> query, bool json)
    {
        while (!query.IsEmpty)
        {
            var end = query.IndexOfAny(QueryEnds);
            var pair = end < 0 ? query : query[..end];
            var equals = pair.IndexOf((byte)'=');
            if (equals < 0 || !SecretNames.Match(pair[..equals]))
            {
                AddEscaped(ref line, pair, json);
            }
            else
            {
                AddEscaped(ref line, pair[..(equals + 1)], json);
                line.Add("***"u8);
            }
            if (end < 0)
                return;
            line.Add(query[end]);
            query = query[(end + 1)..];
        }
    }

    private static void AddCut(ref LineBytes line, scoped ReadOnlySpan<byte> value, int max, bool json)
    {
        AddEscaped(ref line, value.Length > max ? value[..max] : value, json);
        if (value.Length > max)
            line.Add("..."u8);
    }

    private static void AddEscaped(ref LineBytes line, scoped ReadOnlySpan<byte> value, bool json)
    {
        while (true)
        {
            var odd = value.IndexOfAnyExcept(Plain);
            if (odd < 0)
            {
                line.Add(value);
                return;
            }
            line.Add(value[..odd]);
            AddOdd(ref line, value[odd], json);
            value = value[(odd + 1)..];
        }
    }

    private static void AddOdd(ref LineBytes line, byte odd, bool json)
    {
        if (odd is (byte)'"' or (byte)'\\')
        {
            line.Add((byte)'\\');
            line.Add(odd);
            return;
        }
        // JSON has no escape for a byte, so one that is not ASCII is written as the character of that number.
        line.Add(json ? "\\u00"u8 : "\\x"u8);
        line.Add("0123456789abcdef"u8[odd >> 4]);
        line.Add("0123456789abcdef"u8[odd & 15]);
    }
}
