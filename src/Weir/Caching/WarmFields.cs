using System.Text;
using Weir.Config;

namespace Weir.Caching;

/// <summary>The fields that an operator gives to warm-ups, as whole lines. They may be secrets, so no fault names
/// one.</summary>
internal static class WarmFields
{
    /// <summary>A whole list of lines, or null with what is wrong.</summary>
    public static string? Read(WarmOptions options, out string problem)
    {
        problem = "";
        var lines = new StringBuilder();
        if (options.Authorization.Length > 0)
            Add(lines, "Authorization", options.Authorization);
        foreach (var field in options.Fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            var name = colon < 0 ? "" : field[..colon].Trim();
            if (!IsName(name))
            {
                problem = "one is not 'Name: value'";
                return null;
            }

            // Its value may stand in the environment or in a file, while its name stands in the configuration.
            if (SecretFile.Fill(field[(colon + 1)..].Trim(), isSecret: true, out problem) is not { } value)
                return null;
            if (value.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0)
            {
                problem = $"the value of {name} has control characters";
                return null;
            }

            Add(lines, name, value);
        }

        return lines.ToString();
    }

    /// <summary>Whether the lines have this field.</summary>
    public static bool Has(string lines, string name) => lines.Split("\r\n").Any(line =>
        line.Length > name.Length && line[name.Length] == ':'
        && line.StartsWith(name, StringComparison.OrdinalIgnoreCase));

    private static void Add(StringBuilder lines, string name, string value) =>
        lines.Append(name).Append(": ").Append(value).Append("\r\n");

    private static bool IsName(string name) => name.Length > 0 && name.All(letter =>
        char.IsAsciiLetterOrDigit(letter) || "!#$%&'*+-.^_`|~".Contains(letter, StringComparison.Ordinal))
        && !name.Equals("Host", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        && !name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase);
}
