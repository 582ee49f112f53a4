namespace Weir.Caching;

/// <summary>What a look at a stored body gave.</summary>
internal enum StoredRead : byte
{
    Bytes,

    /// <summary>Nothing new yet; a <see cref="BodyReader"/>'s owner is raised when there is.</summary>
    Waiting,

    /// <summary>All has been read.</summary>
    Ended,

    /// <summary>The fill broke off: there will be no more.</summary>
    Failed,
}
