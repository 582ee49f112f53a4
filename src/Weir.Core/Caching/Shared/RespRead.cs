namespace Weir.Core.Caching.Shared;

/// <summary>What a look at the bytes from a server gave.</summary>
internal enum RespRead
{
    /// <summary>All bytes were taken, and the value goes on.</summary>
    More,

    /// <summary>One whole value.</summary>
    Whole,

    /// <summary>No RESP, or beyond a limit: nothing that follows can be understood.</summary>
    Broken,
}
