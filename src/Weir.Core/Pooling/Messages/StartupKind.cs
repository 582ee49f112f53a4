namespace Weir.Core.Pooling.Messages;

/// <summary>What the first bytes of a connection ask for.</summary>
internal enum StartupKind
{
    Startup,
    Ssl,
    Gss,
    Cancel,

    /// <summary>
    /// A TLS ClientHello with no SSLRequest before it (PostgreSQL 17); ALPN must then be "postgresql".
    /// </summary>
    DirectTls,
}
