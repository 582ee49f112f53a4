namespace Weir.Sim;

/// <summary>The family of a <see cref="ServiceTime"/>.</summary>
internal enum ServiceShape : byte
{
    Exponential,
    Constant,
    LogNormal,
    Weibull,

    /// <summary>Weibull within bounds, in whole milliseconds.</summary>
    ClampedWeibull,
    Bimodal,

    /// <summary>As it was seen.</summary>
    Empirical,
}
