namespace Weir.Sim.Validation;

/// <summary>A published figure of a world. Times in milliseconds.</summary>
/// <param name="Digit">Half of the last printed digit: nobody can be nearer.</param>
internal sealed record Claim(Figure Figure, double Published, Tolerance Tolerance, double Digit = 0)
{
    /// <summary>Whether these seeds agree with it, and how far they are from it.</summary>
    /// <param name="errorMax">Standard error allowed, as a share of the published figure.</param>
    public ClaimResult Judge(IReadOnlyList<SimResult> results, double errorMax)
    {
        var (mean, deviation) = Figures.Of(results, Figure);
        var error = deviation / Math.Sqrt(results.Count);
        var allowed = Digit + Tolerance.Errors * error + Tolerance.Deviations * deviation
            + Tolerance.Share * Math.Abs(Published);
        var isSure = Tolerance.Errors == 0 || error <= errorMax * Math.Abs(Published) + Digit;
        return new ClaimResult(this, mean, error, deviation, Math.Abs(mean - Published) <= allowed, isSure);
    }
}

/// <summary>How a claim came out.</summary>
/// <param name="Agrees">Within the tolerance.</param>
/// <param name="IsSure">The standard error is as small as it must be.</param>
internal sealed record ClaimResult(
    Claim Claim, double Ours, double Error, double Deviation, bool Agrees, bool IsSure);
