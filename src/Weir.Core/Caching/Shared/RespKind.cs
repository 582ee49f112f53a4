namespace Weir.Core.Caching.Shared;

/// <summary>What a value of RESP is; both versions of the protocol give the same kinds.</summary>
internal enum RespKind
{
    /// <summary>No value: <c>_</c>, and RESP2's <c>$-1</c> and <c>*-1</c>.</summary>
    Null,

    /// <summary>A line: <c>+OK</c>.</summary>
    Line,

    /// <summary>A line or a bulk of the server's words: what went wrong.</summary>
    Error,

    /// <summary>In <see cref="RespValue.Number"/>.</summary>
    Integer,

    /// <summary>1 or 0 in <see cref="RespValue.Number"/>.</summary>
    Boolean,

    /// <summary>A double or a number beyond 64 bits, as it was written.</summary>
    BigNumber,

    /// <summary>Bytes; a verbatim string comes without its three letters of format.</summary>
    Bulk,

    /// <summary>Values; a set is one too.</summary>
    Array,

    /// <summary>Values, name and value in turn.</summary>
    Map,

    /// <summary>Values that answer no command.</summary>
    Push,
}
