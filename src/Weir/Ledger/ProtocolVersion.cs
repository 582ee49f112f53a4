namespace Weir.Ledger;

/// <summary>What the client speaks.</summary>
internal enum ProtocolVersion : byte
{
    Http10,
    Http11,
    Http2,
}
