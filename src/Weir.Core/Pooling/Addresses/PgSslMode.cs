namespace Weir.Core.Pooling.Addresses;

/// <summary>libpq's sslmode, from no TLS to a certificate whose name is checked.</summary>
internal enum PgSslMode
{
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}
