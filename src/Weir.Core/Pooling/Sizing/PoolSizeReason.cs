namespace Weir.Core.Pooling.Sizing;

/// <summary>What a pool's size comes from.</summary>
internal enum PoolSizeReason : byte
{
    /// <summary>As it was asked for, divided by the hosts.</summary>
    Asked,

    /// <summary>The requests that the app works on at once.</summary>
    Slots,

    /// <summary>The connections that were busy at once.</summary>
    Load,

    /// <summary>The server has no more.</summary>
    Server,
}
