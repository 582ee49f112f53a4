namespace Weir.Core.Pooling.Sql;

/// <summary>What a text does with a prepared statement that it names.</summary>
internal enum StatementUseKind : byte
{
    /// <summary>EXECUTE, and that behind EXPLAIN: what it leaves behind is what the statement leaves.</summary>
    Execute,

    /// <summary>CREATE TABLE … AS EXECUTE.</summary>
    Create,
    Deallocate,

    /// <summary>DEALLOCATE ALL, DISCARD ALL: from here on no name means what it did.</summary>
    ForgetAll,

    /// <summary>PREPARE.</summary>
    Prepare,
}
