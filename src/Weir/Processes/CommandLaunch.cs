using System.Globalization;

namespace Weir.Processes;

/// <summary>The plan and the starts of <c>weir run -- COMMAND</c>: one type, web, with a free port each.</summary>
internal static class CommandLaunch
{
    public static RunPlan Plan(IReadOnlyList<string> command) => new()
    {
        Folder = Environment.CurrentDirectory,
        Types = [new ProcessType("web", string.Join(' ', command), command, 0)],
        Environment = ChildEnvironment.WithPort(0),
    };

    public static InstanceLaunch Prepare(RunPlan plan, ProcessType type, int number)
    {
        var port = FreePort.Next();
        var start = new ProcessStart(
            PortWords.Fill(type.Words, port), ChildEnvironment.WithPort(plan.Environment, port))
        {
            Pipes = PipeUse.Outputs,
        };
        return new InstanceLaunch(start, port, "", null)
        {
            Mark = string.Create(CultureInfo.InvariantCulture, $"PORT={port}"),
        };
    }
}
