namespace Weir.Core.Pooling.Messages;

/// <summary>What came of reading bytes of which perhaps not all are there.</summary>
internal enum PacketRead
{
    /// <summary>Ask again with the same bytes and more behind them.</summary>
    More,
    Whole,

    /// <summary>No more bytes can mend it: tell the peer, if it is one to be told, and close.</summary>
    Broken,
}
