using System.CommandLine;
using Weir.Config;

namespace Weir.Verbs;

/// <summary>
/// From arguments to a verb. Only the verb that was named gets its flags described, so that a start pays for one verb.
/// Exit codes: 0 ok, 1 failed, 2 usage or configuration, 128 + signal.
/// </summary>
internal static class CommandLine
{
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        // What follows "--" belongs to the user's command and is never read as ours.
        var split = Array.IndexOf(args, "--");
        var ours = split < 0 ? args : args[..split];
        var command = split < 0 ? [] : args[(split + 1)..];
        var named = ours.FirstOrDefault(word => !word.StartsWith('-'));
        var verb = Verbs.All.FirstOrDefault(verb => verb.Name == named);
        if (named is not null && verb is null)
        {
            var hint = NearestName.Hint(named, Verbs.All.Select(known => known.Name));
            return Wrong($"'{named}' is not a verb{hint} (weir --help lists them)");
        }
        if (command.Length > 0 && verb is { TakesCommand: false })
            return Wrong($"{verb.Name} takes no command behind --");

        var (root, flags) = Describe(verb);
        var parsed = root.Parse(ours.Length == 0 ? ["--help"] : ours);
        if (verb is null || parsed.Action is not (null or System.CommandLine.Invocation.ParseErrorAction))
            return await parsed.InvokeAsync();
        if (flags.Fault(parsed) is { } fault)
            return Wrong($"{verb.Name}: {fault}");
        return await verb.RunAsync(new VerbCall(flags.Values(parsed), flags.Words(parsed), command));
    }

    /// <summary>One line on stderr: what is wrong, where, and what to do.</summary>
    public static int Wrong(string problem)
    {
        Console.Error.WriteLine($"weir: {problem}");
        return WrongUsage;
    }

    /// <summary>One line on stderr for something that failed or happened.</summary>
    public static void Say(string what) => Console.Error.WriteLine($"weir: {what}");

    private static (RootCommand Root, VerbFlags Flags) Describe(Verb? verb)
    {
        var root = new RootCommand("The front door for web apps with few workers.");
        var flags = new VerbFlags();
        foreach (var known in Verbs.All)
        {
            var command = new Command(known.Name, known.Does);
            root.Add(command);
            if (known == verb)
                flags.Describe(command, known);
        }
        return (root, flags);
    }
}
