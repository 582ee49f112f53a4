using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>Finds the cookies of one name in a request (RFC 6265 section 4.2.1).</summary>
internal ref struct CookieWalk(RequestHead head)
{
    private ReadOnlySpan<byte> _rest;
    private int _next;

    /// <param name="pair">"name=value".</param>
    public bool Next(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> pair)
    {
        while (true)
        {
            while (!_rest.IsEmpty)
            {
                pair = TakePair(ref _rest);
                if (pair.Length > name.Length && pair[name.Length] == '=' && pair.StartsWith(name))
                    return true;
            }

            if (!NextLine())
            {
                pair = default;
                return false;
            }
        }
    }

    /// <summary>Takes the first pair off, without the space around it.</summary>
    public static ReadOnlySpan<byte> TakePair(scoped ref ReadOnlySpan<byte> rest)
    {
        var end = rest.IndexOf((byte)';');
        var pair = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return pair.Trim(" \t"u8);
    }

    private bool NextLine()
    {
        for (; _next < head.Fields.Count; _next++)
        {
            ref readonly var field = ref head.Fields[_next];
            if (field.Known != KnownField.Cookie)
                continue;
            _rest = head.ValueOf(field);
            _next++;
            return true;
        }

        return false;
    }
}
