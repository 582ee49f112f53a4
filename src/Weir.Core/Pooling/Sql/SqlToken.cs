namespace Weir.Core.Pooling.Sql;

internal enum SqlToken : byte
{
    End,

    /// <summary>A key word or a name without quotes.</summary>
    Word,

    /// <summary>A name in double quotes.</summary>
    QuotedName,

    /// <summary>A literal in single quotes, whatever stands before them.</summary>
    Text,

    /// <summary>A literal between dollar signs.</summary>
    DollarText,
    Number,
    Parameter,

    /// <summary>One byte of anything else.</summary>
    Symbol,
}
