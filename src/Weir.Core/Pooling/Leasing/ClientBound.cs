namespace Weir.Core.Pooling.Leasing;

/// <summary>What keeps a client out.</summary>
internal enum ClientBound : byte
{
    None,
    User,
    Database,
}
