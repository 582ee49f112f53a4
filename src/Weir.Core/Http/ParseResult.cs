namespace Weir.Core.Http;

/// <summary>What a parser has to say of the bytes it was given.</summary>
internal enum ParseResult : byte
{
    /// <summary>Not whole yet: come again with more bytes after the same ones.</summary>
    Incomplete,
    Complete,

    /// <summary>Broken: the rule says how.</summary>
    Refused,
}
