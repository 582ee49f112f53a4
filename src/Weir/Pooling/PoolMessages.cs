using Weir.Ledger;

namespace Weir.Pooling;

/// <summary>The log's words for what the pooler tells.</summary>
internal static class PoolMessages
{
    public static HouseMessage Of(PoolMessage message) => message switch
    {
        PoolMessage.LoginFailed => HouseMessages.PoolLoginFailed,
        PoolMessage.PinIdle => HouseMessages.PoolPinIdle,
        PoolMessage.StateLost => HouseMessages.PoolStateLost,
        PoolMessage.CatalogueUnread => HouseMessages.PoolCatalogueUnread,
        _ => HouseMessages.PoolFileUnread,
    };
}
