using System.Collections;
using System.Globalization;
using Weir.Config;
using Weir.Ledger;

namespace Weir.Processes;

/// <summary>The environment of what Weir starts.</summary>
internal static class ChildEnvironment
{
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
