using System.Text;

namespace Weir.Core.Caching;

/// <summary>
/// Weir-Purge in an answer of the app: what this answer makes stale. One line says one purge: <c>tag product-17</c>,
/// <c>url /report?region=n</c> or <c>prefix /blog/</c>, on the request's own host; with <c>hard</c> before it, what is
/// meant is gone and not stale.
/// </summary>
internal static class PurgeField
{
    /// <summary>Lines of one answer that count; who has more to say purges by tag.</summary>
    public const int LinesMax = 16;

    private const int TextMax = 2048;

    public static bool IsNamed(ReadOnlySpan<byte> name) => Ascii.EqualsIgnoreCase(name, "weir-purge"u8);

    /// <param name="value">Of one line.</param>
    /// <param name="host">Of the request, as it is in keys.</param>
    /// <returns>Null: it cannot be read.</returns>
    public static PurgeSelector? Read(ReadOnlySpan<byte> value, ReadOnlySpan<byte> host, out bool isHard)
    {
        value = Next(value, out var scope);
        isHard = scope.SequenceEqual("hard"u8);
        if (isHard)
            value = Next(value, out scope);
        if (value.IsEmpty || value.Length > TextMax || value.Contains((byte)' '))
            return null;
        if (scope.SequenceEqual("tag"u8))
            return PurgeSelector.Tag(value);
        if (value[0] != '/' || host.IsEmpty)
            return null;
        return scope.SequenceEqual("url"u8) ? PurgeSelector.Url(host, value)
            : scope.SequenceEqual("prefix"u8) ? PurgeSelector.Prefix(host, value)
            : null;
    }

    /// <summary>What is behind the first word.</summary>
    private static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> word)
    {
        var end = text.IndexOf((byte)' ');
        word = end < 0 ? text : text[..end];
        return end < 0 ? default : text[end..].Trim((byte)' ');
    }
}
