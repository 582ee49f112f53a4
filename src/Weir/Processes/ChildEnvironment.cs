using System.Collections;
using System.Globalization;
using Weir.Config;
using Weir.Ledger;

namespace Weir.Processes;

/// <summary>The environment of what Weir starts.</summary>
internal static class ChildEnvironment
{
    /// <summary>What is said to this very process: an instance that took it for its own would speak for Weir.</summary>
    private static readonly string[] s_weirs =
    [
        "PORT", "PS", PortWords.Socket, "NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID", "LISTEN_FDS", "LISTEN_PID",
        "LISTEN_FDNAMES",
    ];

    /// <summary>For a shell that needs nothing but its tools.</summary>
    public static Dictionary<string, string> Bare =>
        new() { ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin" };

    /// <summary>Weir's own, with PORT.</summary>
    public static Dictionary<string, string> WithPort(int port) => WithPort(Current(), port);

    /// <param name="own">What Weir was given.</param>
    /// <param name="port">0 = no PORT.</param>
    public static Dictionary<string, string> WithPort(IReadOnlyDictionary<string, string> own, int port)
    {
        var variables = own.Where(pair => !IsKept(pair.Key)).ToDictionary();
        variables.Remove("PORT");
        if (port > 0)
            variables["PORT"] = port.ToString(CultureInfo.InvariantCulture);
        return variables;
    }

    /// <summary>For every instance: Weir's own environment, and over it .env (as foreman has it).</summary>
    /// <param name="own">What Weir was given.</param>
    /// <param name="file">The variables of .env; null where there is none.</param>
    public static Dictionary<string, string> Shared(
        IReadOnlyDictionary<string, string> own, IReadOnlyDictionary<string, string>? file)
    {
        var variables = own.ToDictionary();
        foreach (var (name, value) in file ?? new Dictionary<string, string>())
            variables[name] = value;
        // PORT is where Weir listens, from wherever it came: an instance is given one of its own.
        foreach (var name in variables.Keys.Where(name => IsKept(name) || s_weirs.Contains(name)).ToList())
            variables.Remove(name);
        return variables;
    }

    /// <summary>True for what stays with Weir: its secrets.</summary>
    private static bool IsKept(string name) =>
        name.StartsWith("WEIR_", StringComparison.Ordinal)
            && (SecretNames.Match(name.AsSpan(5)) || Settings.All.Any(one => one.Secret && one.Variable == name));

    private static Dictionary<string, string> Current()
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }
}
