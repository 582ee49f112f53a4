using Weir.Core.Processes;

namespace Weir.Config;

/// <summary>Flags of a Procfile line that starts Weir ("web: weir run --slots 4 -- CMD"), as settings.</summary>
internal static class LineFlags
{
    /// <summary>
    /// Setting name → value as written; null and a problem where only a shell could tell what is meant.
    /// </summary>
    public static Dictionary<string, string>? Read(IReadOnlyList<ShellWord> words, out string problem)
    {
        var flags = new Dictionary<string, string>();
        problem = "";
        for (var at = 0; at < words.Count; at++)
        {
            var equals = words[at].Text.IndexOf('=', StringComparison.Ordinal);
            var written = equals < 0 ? words[at].Text : words[at].Text[..equals];
            if (Settings.All.FirstOrDefault(one => one.Not.Length > 0 && written == "--" + one.Not) is { } switched)
            {
                flags[switched.Name] = "off";
                continue;
            }

            if (Find(written) is not { } setting)
            {
                problem = $"has {written} behind weir run, which cannot be followed from here; "
                    + "give it to weir run itself, or put it into weir.yaml";
                return null;
            }

            var isLiteral = words[at].IsLiteral;
            var value = "on";
            if (equals >= 0)
            {
                value = words[at].Text[(equals + 1)..];
            }
            else if (setting.Kind != SettingKind.Switch && at + 1 < words.Count)
            {
                at++;
                (value, isLiteral) = (words[at].Text, words[at].IsLiteral);
            }

            // The platform's port is Weir's anyway.
            if (setting.Name == "port" && value is "$PORT" or "${PORT}")
                continue;
            if (!isLiteral)
            {
                problem = $"has {written} {value} behind weir run, which only a shell can fill in; "
                    + "put it into weir.yaml";
                return null;
            }

            flags[setting.Name] = setting.Kind == SettingKind.List && flags.TryGetValue(setting.Name, out var first)
                ? $"{first},{value}"
                : value;
        }

        return flags;
    }

    private static Setting? Find(string flag) =>
        Settings.All.FirstOrDefault(setting =>
            setting.Flag == flag || (setting.Alias.Length > 0 && "--" + setting.Alias == flag));
}
