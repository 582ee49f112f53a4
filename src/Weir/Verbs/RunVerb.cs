using Weir.Config;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>Starts a command with PORT set, stands before it, and ends with its exit code.</summary>
internal static class RunVerb
{
    /// <returns>The exit code: the command's, 128 + signal where one ended it, 127 where it was not found.</returns>
    public static async Task<int> RunAsync(WeirOptions options, IReadOnlyList<string> command)
    {
        var served = options.Apps.Where(app => app.To.Count == 0).ToList();
        if (served.Count != 1)
        {
            return CommandLine.Wrong(served.Count == 0
                ? "run: the app has instances that already run (to); leave them out, or say: weir proxy"
                : $"run: which app is the command for, {string.Join(" or ", served.Select(app => app.Name))}? "
                    + "Give the others their instances with to");
        }

        var port = FreePort.Next();
        using var signals = new RelayedSignals();
        Child child;
        try
        {
            child = Child.Start(new ProcessStart(PortWords.Fill(command, port), ChildEnvironment.WithPort(port)));
        }
        catch (StartException exception)
        {
            CommandLine.Say($"run: {exception.Message}");
            return exception.ExitCode;
        }

        using (child)
        {
            signals.PassTo(child);
            return await new RunningCommand(options, served[0], child, signals).RunAsync(port).ConfigureAwait(false);
        }
    }
}
