namespace Weir.Sim.Check;

/// <summary>What one seed of the fault test came to.</summary>
internal sealed record FaultTest(ulong Seed, string Scenario, FaultKind Kind, string Message)
{
    public int Steps { get; init; }

    public int Leases { get; init; }

    public int Failures { get; init; }

    public IReadOnlyList<int> Ends { get; init; } = [];

    /// <summary>All that happened in one number: the same for the same seed, whatever machine.</summary>
    public ulong Hash { get; init; }

    /// <summary>What shows it again.</summary>
    public string Command => FormattableString.Invariant($"weir simulate --check --seed {Seed} --scenario {Scenario}");

    /// <summary>Runs one seed; the scenario is the seed's own where none is named.</summary>
    public static FaultTest Run(ulong seed, string? scenario = null)
    {
        var all = FaultScenario.All;
        var chosen = scenario is null ? all[(int)(seed % (ulong)all.Count)] : all.Single(one => one.Name == scenario);
        var checker = new SimChecker();
        var (kind, message) = (FaultKind.None, "");
        try
        {
            new SimWorld(chosen.World(seed), seed, checker).Run();
        }
        catch (CheckException exception)
        {
            (kind, message) = (exception.Kind, exception.Message);
        }
        catch (InvalidOperationException exception) when (exception.Message.Contains("come to rest"))
        {
            (kind, message) = (FaultKind.Liveness, exception.Message);
        }
#pragma warning disable CA1031 // Whatever it is, it is what the test looks for.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            (kind, message) = (FaultKind.Crash, exception.ToString());
        }

        return new FaultTest(seed, chosen.Name, kind, message)
        {
            Steps = checker.Steps,
            Leases = checker.Leases,
            Failures = checker.Failures,
            Ends = checker.Ends,
            Hash = checker.Hash,
        };
    }
}
