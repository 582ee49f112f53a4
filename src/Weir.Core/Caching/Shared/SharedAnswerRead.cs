namespace Weir.Core.Caching.Shared;

/// <summary>What the bytes under a key turned out to be.</summary>
internal enum SharedAnswerRead
{
    /// <summary>The answer of this key, whole.</summary>
    Answer,

    /// <summary>
    /// The answers of this key vary; the names by which are in <see cref="SharedAnswer.VaryNames"/>, and nothing else.
    /// </summary>
    Varies,

    /// <summary>Written by another version of Weir.</summary>
    OtherVersion,

    /// <summary>Not what was written, by its seal.</summary>
    Corrupt,

    /// <summary>Whole, but of another key: two keys with one hash, or a store that lies.</summary>
    OtherKey,
}
