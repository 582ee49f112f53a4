using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>
/// Resolves what Location and Content-Location name (RFC 3986 section 5.2), as far as the same host serves it.
/// </summary>
internal static class UrlReference
{
    /// <summary>
    /// Writes path and query of the reference. 0 where it is on another host, no http, or does not fit. The scheme does
    /// not count: an app behind a TLS front door often does not know its own.
    /// </summary>
    public static int Resolve(
        ReadOnlySpan<byte> host, ReadOnlySpan<byte> basePath, ReadOnlySpan<byte> reference, Span<byte> destination)
    {
        var fragment = reference.IndexOf((byte)'#');
        if (fragment >= 0)
            reference = reference[..fragment];
        if (!TakeAuthority(ref reference, host))
            return 0;
        var mark = basePath.IndexOf((byte)'?');
        var directory = mark < 0 ? basePath : basePath[..mark];
        if (reference.IsEmpty)
            return Copy(basePath, default, destination);
        if (reference[0] == '?')
            return Copy(directory, reference, destination);
        directory = reference[0] == '/' ? default : directory[..(directory.LastIndexOf((byte)'/') + 1)];
        var length = Copy(directory, reference, destination);
        return length == 0 ? 0 : RemoveDots(destination[..length]);
    }

    /// <summary>Takes scheme and authority off. False where they are not of this host.</summary>
    private static bool TakeAuthority(ref ReadOnlySpan<byte> reference, ReadOnlySpan<byte> host)
    {
        var rest = reference;
        var colon = rest.IndexOf((byte)':');
        var slash = rest.IndexOfAny((byte)'/', (byte)'?');
        if (colon >= 0 && (slash < 0 || colon < slash))
        {
            if (!Tokens.Equal(rest[..colon], "http"u8) && !Tokens.Equal(rest[..colon], "https"u8))
                return false;
            rest = rest[(colon + 1)..];
            if (!rest.StartsWith("//"u8))
                return false;
        }

        if (!rest.StartsWith("//"u8))
            return true;
        rest = rest[2..];
        var end = rest.IndexOfAny((byte)'/', (byte)'?');
        var authority = end < 0 ? rest : rest[..end];
        reference = end < 0 ? "/"u8 : rest[end..];
        return Tokens.Equal(NameOf(authority), NameOf(host)) && reference[0] == '/';
    }

    /// <summary>The host without its port, for ports too are what a front door changes.</summary>
    private static ReadOnlySpan<byte> NameOf(ReadOnlySpan<byte> authority)
    {
        var colon = authority.LastIndexOf((byte)':');
        return colon > authority.LastIndexOf((byte)']') ? authority[..colon] : authority;
    }

    private static int Copy(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, Span<byte> destination)
    {
        if (first.Length + second.Length > destination.Length)
            return 0;
        first.CopyTo(destination);
        second.CopyTo(destination[first.Length..]);
        return first.Length + second.Length;
    }

    /// <summary>RFC 3986 section 5.2.4, in place, up to the query; what is written never passes what is read.</summary>
    private static int RemoveDots(Span<byte> target)
    {
        var mark = target.IndexOf((byte)'?');
        var end = mark < 0 ? target.Length : mark;
        var written = 0;
        var at = 0;
        while (at < end)
        {
            // At a slash.
            var length = target[(at + 1)..end].IndexOf((byte)'/');
            var next = length < 0 ? end : at + 1 + length;
            var segment = target[(at + 1)..next];
            var isUp = segment.SequenceEqual(".."u8);
            if (isUp)
                written = Math.Max(0, target[..written].LastIndexOf((byte)'/'));
            if (isUp || segment.SequenceEqual("."u8))
            {
                if (next == end)
                    target[written++] = (byte)'/';
            }
            else
            {
                target[at..next].CopyTo(target[written..]);
                written += next - at;
            }

            at = next;
        }

        target[end..].CopyTo(target[written..]);
        return written + target.Length - end;
    }
}
