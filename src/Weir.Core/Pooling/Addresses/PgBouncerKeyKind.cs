namespace Weir.Core.Pooling.Addresses;

/// <summary>How PgBouncer reads a setting's value.</summary>
internal enum PgBouncerKeyKind
{
    Text,

    /// <summary>As C's strtol with any base: 10, 0x0A, 012.</summary>
    Whole,

    /// <summary>Seconds, with a fraction or not, not negative.</summary>
    Seconds,

    /// <summary>One of some words, in any case.</summary>
    Choice,
}
