namespace Weir.Sim.Validation;

/// <summary>A world of which others have published figures.</summary>
/// <param name="Table">Of the reference: "4.1".</param>
/// <param name="Requests">Of all seeds together, in a quick run; a full one has more.</param>
internal sealed record KnownWorld(string Table, string Case, SimOptions Options, double Requests)
{
    private const int Seeds = 24;
    private const int FullTimesOfExact = 20;
    private const int FullTimes = 4;

    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>Only for a full run: it takes long, and a shorter one says nothing.</summary>
    public bool IsLong { get; init; }

    /// <summary>Runs of the published length, from empty, in place of one long run in pieces; 0 = not so.</summary>
    public int RunsAsPublished { get; init; }

    /// <summary>Runs it, and judges each claim.</summary>
    public IReadOnlyList<ClaimResult> Run(bool isFull)
    {
        var results = Simulate(isFull).Results;
        return [.. Claims.Select(claim => claim.Judge(results, isFull ? 0.005 : 0.02))];
    }

    private SimSummary Simulate(bool isFull)
    {
        if (RunsAsPublished > 0)
            return SimSummary.Run(Options, 1, isFull ? RunsAsPublished : RunsAsPublished / 2);
        var times = !isFull ? 1 : Claims.Any(claim => claim.Tolerance.Errors > 0) ? FullTimesOfExact : FullTimes;
        var each = Requests * times / Seeds;
        // What is to be left out does not grow with the run.
        var warm = Requests / Seeds / 4;
        var micros = 1e6 / Options.Rate;
        return SimSummary.Run(
            Options with { Duration = (long)((each + warm) * micros), WarmUp = (long)(warm * micros) }, 1, Seeds);
    }
}
