namespace Weir.Processes;

/// <summary>How the lines of instances are shown.</summary>
internal sealed record OutputStyle
{
    /// <summary>Each process type's name in a colour of its own.</summary>
    public bool Colour { get; init; }

    /// <summary>The time before the name, as foreman has it: "12:00:01 web.1 | ".</summary>
    public bool Time { get; init; }

    /// <summary>Columns of the name, so that lines stand one under another; longer names push theirs out.</summary>
    public int Width { get; init; }

    /// <summary>
    /// For Weir's standard output: colours on a terminal, unless NO_COLOR (no-color.org) or TERM says no.
    /// </summary>
    public static OutputStyle For(RunPlan plan, IReadOnlyDictionary<string, string> own) => new()
    {
        Colour = PosixCalls.IsTerminal(1) != 0 && own.GetValueOrDefault("NO_COLOR", "").Length == 0
            && own.GetValueOrDefault("TERM", "") != "dumb",
        Width = plan.Types.Select(type => InstanceStart.Name(type, Math.Max(1, type.Count)).Length)
            .DefaultIfEmpty(0).Max(),
    };
}
