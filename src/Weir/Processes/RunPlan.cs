namespace Weir.Processes;

/// <summary>What is to run, as read from Procfile, .env and the command line; read anew at each restart.</summary>
internal sealed record RunPlan
{
    /// <summary>The working directory of all that is started, absolute.</summary>
    public required string Folder { get; init; }

    /// <summary>In the Procfile's order; those with a count of 0 too.</summary>
    public required IReadOnlyList<ProcessType> Types { get; init; }

    /// <summary>For every instance: Weir's own environment and .env, without Weir's secrets and without PORT.</summary>
    public required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>The Procfile's <c>release</c> line; null where it has none.</summary>
    public string? Release { get; init; }

    /// <summary>The type that requests go to; null where there is none.</summary>
    public ProcessType? Routed => Types.FirstOrDefault(type => type.IsRouted);
}
