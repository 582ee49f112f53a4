namespace Weir.Caching;

/// <summary>What became of an answer given to the store.</summary>
internal enum PutResult : byte
{
    Stored,

    /// <summary>Stored in the place of an older answer of the same key and variant.</summary>
    Replaced,

    /// <summary>Over the bytes of one answer, or its body was not kept, or is not whole.</summary>
    TooLarge,

    /// <summary>What would have to go is asked for at least as often.</summary>
    NotAdmitted,

    /// <summary>What is stored of this key and variant began after a purge that this one began before.</summary>
    Outdated,

    /// <summary>A hard purge since its fill began was for it.</summary>
    Purged,
}
