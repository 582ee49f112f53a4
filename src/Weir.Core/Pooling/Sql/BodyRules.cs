namespace Weir.Core.Pooling.Sql;

/// <summary>Words that mean something only in some kinds of statement.</summary>
[Flags]
internal enum BodyRules : byte
{
    None = 0,

    /// <summary>SELECT … INTO makes a table, perhaps a temporary one.</summary>
    Into = 1,

    /// <summary>SET x = DEFAULT moves a sequence.</summary>
    Default = 2,

    /// <summary>TEMP, or a name in pg_temp.</summary>
    Temp = 4,

    /// <summary>WITH HOLD.</summary>
    Hold = 8,

    /// <summary>EXECUTE runs what was PREPAREd.</summary>
    Execute = 16,

    /// <summary>COPY … FROM moves sequences; the FROM of a query stands in parentheses.</summary>
    CopyFrom = 32,
}
