namespace Weir.Wires;

/// <summary>Who is told of a descriptor's news: a wire, or a listener.</summary>
internal interface IWatcher
{
    /// <summary>
    /// On the descriptor's I/O thread. May come late by one round, for a descriptor that is closed by now.
    /// </summary>
    void OnEvents(uint events);
}
