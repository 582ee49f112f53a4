namespace Weir.Sim;

/// <summary>The family of a <see cref="ServiceTime"/>.</summary>
internal enum ServiceShape : byte
{
    Exponential,
    Constant,
    LogNormal,
    Weibull,
    Bimodal,
}
