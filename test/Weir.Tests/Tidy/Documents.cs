using System.Text.RegularExpressions;
using Weir.Config;

namespace Weir.Tests.Tidy;

/// <summary>What the pages must say, held against the code.</summary>
internal static partial class Documents
{
    /// <summary>A setting's row, as docs/operating.md has it.</summary>
    public static string Row(Setting setting)
    {
        var usual = setting.Default.Length == 0 ? "" : $"`{setting.Default}`";
        return $"| `{setting.Name}` | {usual} | {Notation(setting)} | {setting.Doc} |";
    }

    /// <summary>The rows that the page lacks, ready to be copied there.</summary>
    public static IEnumerable<string> MissingSettings(string page, IEnumerable<Setting> settings) =>
        settings.Select(Row).Where(row => !page.Contains(row, StringComparison.Ordinal));

    public static IEnumerable<string> MissingWords(string page, IEnumerable<string> words) =>
        words.Where(word => !Regex.IsMatch(page, $@"\b{word}\b"));

    /// <summary>Links to files of ours that are not there.</summary>
    public static IEnumerable<string> DeadLinks(Source page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Source.Root, page.Path))!;
        return Links().Matches(page.Text).Select(match => match.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal))
            .Where(to => !Path.Exists(Path.Combine(folder, to.Split('#')[0])));
    }

    private static string Notation(Setting setting) => setting.Kind switch
    {
        SettingKind.Duration or SettingKind.Size or SettingKind.Count =>
            $"{setting.Kind.ToString().ToLowerInvariant()}, {SettingText.Range(setting)}",
        SettingKind.Choice => string.Join(", ", setting.Choices),
        SettingKind.Switch => "on, off",
        SettingKind.Share when setting.Zero.Length > 0 => $"share, or {setting.Zero}",
        _ => setting.Kind.ToString().ToLowerInvariant(),
    };

    [GeneratedRegex(@"\]\((?<to>[^)#][^)]*)\)")]
    private static partial Regex Links();
}
