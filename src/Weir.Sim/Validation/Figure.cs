namespace Weir.Sim.Validation;

/// <summary>One number of a run that others have published too.</summary>
internal enum Figure : byte
{
    /// <summary>Times in milliseconds.</summary>
    WaitMean,
    WaitP95,
    WaitP99,
    ResponseMean,
    ResponseP50,
    ResponseP95,
    ResponseP99,

    /// <summary>Shares, 0 … 1.</summary>
    WaitChance,
    Loss,
    Tries,
}
