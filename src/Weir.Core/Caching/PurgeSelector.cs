namespace Weir.Core.Caching;

/// <summary>Which stored answers a purge is for. Hosts and paths are as in keys; the scheme does not matter.</summary>
internal sealed class PurgeSelector
{
    /// <summary>Bytes of the longest that goes to other nodes.</summary>
    public const int BytesMax = 4 * 1024;

    private PurgeSelector(PurgeScope scope, byte[] host, byte[] text)
    {
        Scope = scope;
        Host = host;
        Text = text;
    }

    public static PurgeSelector All { get; } = new(PurgeScope.All, [], []);

    public PurgeScope Scope { get; }

    /// <summary>Lower case; empty for a tag, for all, and for a prefix on every host.</summary>
    public byte[] Host { get; }

    /// <summary>The path with its query, the prefix of it, or the tag.</summary>
    public byte[] Text { get; }

    public static PurgeSelector Url(ReadOnlySpan<byte> host, ReadOnlySpan<byte> path) =>
        new(PurgeScope.Url, host.ToArray(), path.ToArray());

    /// <param name="host">Empty: on every host.</param>
    public static PurgeSelector Prefix(ReadOnlySpan<byte> host, ReadOnlySpan<byte> prefix) =>
        new(PurgeScope.Prefix, host.ToArray(), prefix.ToArray());

    public static PurgeSelector Tag(ReadOnlySpan<byte> tag) => new(PurgeScope.Tag, [], tag.ToArray());

    public static PurgeSelector OfHost(ReadOnlySpan<byte> host) => new(PurgeScope.Host, host.ToArray(), []);

    /// <summary>True if a purge with this selector is for the answer: what a dry run counts.</summary>
    public bool Matches(in PurgeTarget target) => Scope switch
    {
        PurgeScope.Url => target.Host.SequenceEqual(Host) && target.Path.SequenceEqual(Text),
        PurgeScope.Prefix => (Host.Length == 0 || target.Host.SequenceEqual(Host)) && target.Path.StartsWith(Text),
        PurgeScope.Tag => HasTag(target.Tags),
        PurgeScope.Host => target.Host.SequenceEqual(Host),
        _ => true,
    };

    /// <summary>
    /// In bytes, for other nodes: scope, length of the host in two bytes, host, text. All is no bytes. Null: longer
    /// than <see cref="BytesMax"/>.
    /// </summary>
    public byte[]? ToBytes()
    {
        if (Scope == PurgeScope.All)
            return [];
        var length = 3 + Host.Length + Text.Length;
        return length > BytesMax ? null : [(byte)Scope, (byte)(Host.Length >> 8), (byte)Host.Length, .. Host, .. Text];
    }

    /// <summary>What <see cref="ToBytes"/> wrote. Null: nothing that it writes.</summary>
    public static PurgeSelector? Read(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return All;
        if (bytes.Length < 3 || bytes.Length > BytesMax)
            return null;
        var (scope, hostLength) = ((PurgeScope)bytes[0], bytes[1] << 8 | bytes[2]);
        var rest = bytes[3..];
        if (scope >= PurgeScope.All || hostLength > rest.Length)
            return null;
        var selector = new PurgeSelector(scope, rest[..hostLength].ToArray(), rest[hostLength..].ToArray());
        var isWhole = scope switch
        {
            PurgeScope.Tag => hostLength == 0,
            PurgeScope.Host => selector.Text.Length == 0,
            _ => true,
        };
        return isWhole ? selector : null;
    }

    private bool HasTag(byte[][] tags)
    {
        foreach (var tag in tags)
        {
            if (tag.AsSpan().SequenceEqual(Text))
                return true;
        }

        return false;
    }
}
