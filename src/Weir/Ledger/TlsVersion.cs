namespace Weir.Ledger;

/// <summary>How the client's connection is protected, at our own door.</summary>
internal enum TlsVersion : byte
{
    None,
    Tls12,
    Tls13,
}
