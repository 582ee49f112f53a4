namespace Weir.Sim.Validation;

/// <summary>How far a figure may be from the published one.</summary>
/// <param name="Errors">Standard errors of our mean; these must be small themselves.</param>
/// <param name="Deviations">Standard deviations of one run: for what others measured in one run.</param>
/// <param name="Share">Of the published figure: for what others computed by simulation.</param>
internal readonly record struct Tolerance(double Errors, double Deviations, double Share)
{
    /// <summary>An exact figure: within three standard errors.</summary>
    public static Tolerance Exact => new(3, 0, 0);

    /// <summary>A simulated one, printed with three or four digits: it has an error of its own.</summary>
    public static Tolerance Simulated => new(3, 0, 0.005);

    public static Tolerance OneRun => new(0, 2, 0);

    public static Tolerance Within(double share) => new(0, 0, share);
}
