namespace Weir.Sim;

/// <summary>How a simulated exchange ended.</summary>
internal enum ExchangeEnd : byte
{
    Answered,

    /// <summary>By its router, with a reason.</summary>
    Shed,

    /// <summary>The app did not answer in time (H12).</summary>
    TimedOut,

    /// <summary>Its client went away.</summary>
    GaveUp,
}
