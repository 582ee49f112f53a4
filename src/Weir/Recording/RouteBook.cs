using System.Text;

namespace Weir.Recording;

/// <summary>
/// Numbers for the routes of an app: the method and the path without what differs from request to request. Parts with
/// a digit in them or longer than a word, and all behind the sixth part, count as one ("GET /users/*/posts").
/// </summary>
internal sealed class RouteBook
{
    /// <summary>All further ones are one route.</summary>
    private const int RoutesMax = 1_000;
    private const int PartsMax = 6;
    private const int WordMax = 32;
    private const int NameMax = 240;

    private readonly Dictionary<ulong, int> _numbers = [];

    /// <summary>The route's number, and its name where it is new.</summary>
    public int Number(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, out string? name)
    {
        Span<byte> text = stackalloc byte[NameMax];
        text = text[..Write(method, path, text)];
        if (_numbers.Count >= RoutesMax && !_numbers.ContainsKey(Fold(text)))
            text = "other"u8.ToArray();
        var key = Fold(text);
        name = null;
        if (_numbers.TryGetValue(key, out var number))
            return number;
        number = _numbers.Count;
        _numbers.Add(key, number);
        name = Encoding.Latin1.GetString(text);
        return number;
    }

    private static int Write(ReadOnlySpan<byte> method, ReadOnlySpan<byte> path, Span<byte> to)
    {
        var count = Copy(method, to, 0, 16);
        count = Copy(" "u8, to, count, 1);
        var query = path.IndexOf((byte)'?');
        var rest = query < 0 ? path : path[..query];
        for (var part = 0; !rest.IsEmpty; part++)
        {
            if (part == PartsMax)
                return Copy("/*"u8, to, count, 2);
            rest = rest[0] == '/' ? rest[1..] : rest;
            var end = rest.IndexOf((byte)'/');
            var word = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            count = Copy("/"u8, to, count, 1);
            var differs = word.Length > WordMax || word.ContainsAnyInRange((byte)'0', (byte)'9');
            count = Copy(differs ? "*"u8 : word, to, count, WordMax);
        }

        return count;
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to, int at, int max)
    {
        var length = Math.Min(Math.Min(from.Length, max), to.Length - at);
        from[..length].CopyTo(to[at..]);
        return at + length;
    }

    private static ulong Fold(ReadOnlySpan<byte> text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
            hash = (hash ^ letter) * 1099511628211;
        return hash;
    }
}
