namespace Weir.Core.Processes.Configs;

/// <summary>An open block of a configuration: if, case, a loop, a function.</summary>
/// <param name="Runs">The arm that is being read.</param>
/// <param name="Taken">Whether one of its arms so far runs.</param>
internal readonly record struct ConfigBlock(Certainty Runs, Certainty Taken)
{
    /// <summary>Where a Python block's header stands.</summary>
    public int Column { get; init; }

    /// <summary>What a Ruby case looks at.</summary>
    public ConfigValue Subject { get; init; } = ConfigValue.Unknown;

    public static ConfigBlock If(Certainty condition) => new(condition, condition);

    public ConfigBlock ElseIf(Certainty condition)
    {
        var left = Opposite(Taken);
        var runs = condition < left ? condition : left;
        return this with { Runs = runs, Taken = runs > Taken ? runs : Taken };
    }

    public ConfigBlock Else() => ElseIf(Certainty.Yes);

    public static Certainty Opposite(Certainty one) => (Certainty)(Certainty.Yes - one);

    public static Certainty Of(ConfigValue condition, ConfigLanguage language)
    {
        if (!condition.IsKnown)
            return Certainty.Maybe;
        return condition.IsTrue(language) ? Certainty.Yes : Certainty.No;
    }
}
