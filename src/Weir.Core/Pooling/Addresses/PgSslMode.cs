namespace Weir.Core.Pooling.Addresses;

/// <summary>TLS as libpq names it.</summary>
public enum PgSslMode : byte
{
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}
