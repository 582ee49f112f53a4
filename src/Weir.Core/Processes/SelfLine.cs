namespace Weir.Core.Processes;

/// <summary>
/// A Procfile line that starts Weir itself, as a platform needs it ("web: weir run -- CMD"). Where Weir reads that
/// Procfile, it must start CMD and not another Weir.
/// </summary>
/// <param name="Kind">Whether the line starts Weir, and how.</param>
/// <param name="Line">What is behind "--", as it was written, with the variables that stood before weir; else the
/// line.</param>
/// <param name="Flags">The words between "run" and "--".</param>
internal sealed record SelfLine(SelfLineKind Kind, string Line, IReadOnlyList<ShellWord> Flags)
{
    public static SelfLine Read(string line)
    {
        var shell = ShellLine.Of(line);
        var words = shell.Words;
        var at = shell.Assignments;
        if (at < words.Count && words[at].Text == "exec")
            at++;
        if (at >= words.Count || !IsWeir(words[at].Text))
            return new SelfLine(SelfLineKind.Other, line, []);
        if (at + 1 >= words.Count || words[at + 1].Text != "run")
            return new SelfLine(SelfLineKind.OtherVerb, line, []);
        var split = at + 2;
        while (split < words.Count && words[split].Text != "--")
            split++;
        IReadOnlyList<ShellWord> flags = [.. words.Skip(at + 2).Take(split - at - 2)];
        if (split + 1 >= words.Count)
            return new SelfLine(SelfLineKind.Bare, line, flags);
        var command = line[words[split + 1].Start..];
        // What stands behind an operator would run after Weir, or beside it.
        if (!ShellLine.Of(command).IsSimple || !IsOneCommand(line, words[split].Start))
            return new SelfLine(SelfLineKind.ManyCommands, line, flags);
        var inner = line[..words[shell.Assignments].Start] + command;
        var kind = Read(inner).Kind == SelfLineKind.Other ? SelfLineKind.Wrapped : SelfLineKind.Bare;
        return new SelfLine(kind, inner, flags);
    }

    private static bool IsWeir(string program) =>
        program == "weir" || program.EndsWith("/weir", StringComparison.Ordinal);

    /// <summary>True where nothing before "--" is an operator; exec may stand there.</summary>
    private static bool IsOneCommand(string line, int end)
    {
        var before = ShellLine.Of(line[..end].Replace("exec ", "", StringComparison.Ordinal));
        return before.IsSimple;
    }
}

/// <summary>What a Procfile line has to do with Weir.</summary>
internal enum SelfLineKind
{
    /// <summary>Nothing.</summary>
    Other,

    /// <summary>"weir run -- CMD".</summary>
    Wrapped,

    /// <summary>"weir run", which would start itself for ever.</summary>
    Bare,

    /// <summary>"weir proxy" and the like.</summary>
    OtherVerb,

    /// <summary>"weir run -- a &amp;&amp; b": only a shell knows what that means.</summary>
    ManyCommands,
}
