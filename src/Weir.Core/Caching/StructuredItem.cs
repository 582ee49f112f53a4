namespace Weir.Core.Caching;

/// <summary>The type of a Structured Fields value, as far as a cache directive has any.</summary>
internal enum StructuredKind : byte
{
    Boolean,
    Integer,
    Decimal,
    Text,
    Token,
    Bytes,
    Date,
    InnerList,
}

/// <summary>A member's value in a Structured Fields dictionary; parameters are checked and dropped.</summary>
/// <param name="Integer">The number; of a Boolean 0 or 1.</param>
internal readonly record struct StructuredItem(StructuredKind Kind, long Integer);
