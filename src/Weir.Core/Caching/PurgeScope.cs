namespace Weir.Core.Caching;

/// <summary>What a purge is for.</summary>
internal enum PurgeScope : byte
{
    /// <summary>One host and one path with its query, in all its variants.</summary>
    Url,

    /// <summary>All paths that begin so, of one host or of all.</summary>
    Prefix,

    /// <summary>All answers with this tag.</summary>
    Tag,
    Host,
    All,
}
