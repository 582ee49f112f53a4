using System.Globalization;

namespace Weir.Processes;

/// <summary>From a plan's process type and a number to what is started: "web", 2 → web.2.</summary>
internal static class InstanceStart
{
    private const string Shell = "/bin/sh";

    /// <param name="number">From 1.</param>
    /// <param name="port">What it is to bind (<see cref="PortBook"/>); 0 = it is given no PORT.</param>
    /// <param name="socket">The path that it is to bind (<see cref="SocketPaths"/>); null = none.</param>
    /// <exception cref="StartException">Its program or its folder is not there.</exception>
    public static ProcessStart Of(RunPlan plan, ProcessType type, int number, int port, string? socket = null)
    {
        var variables = plan.Environment.ToDictionary();
        variables["PS"] = Name(type, number);
        variables[RunMark.Variable] = RunMark.Value;
        // What the plan's folder was reached by may be another by now.
        variables["PWD"] = plan.Folder;
        if (port > 0)
            variables[PortWords.Port] = port.ToString(CultureInfo.InvariantCulture);
        if (socket is not null)
            variables[PortWords.Socket] = socket;
        if (!Directory.Exists(plan.Folder))
            throw new StartException($"{plan.Folder}: there is no such folder to start {type.Name} in", 126);
        if (type.Program is { } program)
            ProgramPath.Require(program, plan.Folder, variables.GetValueOrDefault("PATH"));
        return new ProcessStart(Words(type, port, socket), variables)
        {
            Folder = plan.Folder,
            Pipes = PipeUse.Outputs,
            HasNoInput = true,
        };
    }

    /// <summary>"web.2".</summary>
    public static string Name(ProcessType type, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{type.Name}.{number}");

    private static IReadOnlyList<string> Words(ProcessType type, int port, string? socket)
    {
        if (type.Words is [Shell, "-c", var script])
            return FirstLimit.Soft is { } soft ? [Shell, "-c", Limited(soft) + script] : type.Words;
        // No shell stands around them to fill these in.
        var words = port > 0 ? PortWords.Fill(type.Words, port) : type.Words;
        words = socket is null ? words : PortWords.Fill(words, PortWords.Socket, socket);
        return FirstLimit.Soft is { } limit && File.Exists(Shell)
            ? [Shell, "-c", Limited(limit) + "exec \"$@\"", "weir", .. words]
            : words;
    }

    /// <summary>A limit can be set for a process by itself alone, between fork and exec; a shell is what can.</summary>
    private static string Limited(long soft) =>
        string.Create(CultureInfo.InvariantCulture, $"ulimit -S -n {soft} 2>/dev/null; ");
}
