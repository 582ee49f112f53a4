namespace Weir.Core.Pooling.Leasing;

/// <summary>What a server connection owes an answer to.</summary>
internal enum Owed : byte
{
    Nothing,
    Parse,
    Bind,
    DescribeStatement,
    DescribePortal,
    Execute,
    Close,

    /// <summary>Ends with ReadyForQuery, as the two that follow.</summary>
    Sync,
    Query,
    FunctionCall,
}
