namespace Weir.Core.Processes.Configs;

/// <summary>The lines of an INI file: uWSGI's, php-fpm's; and of a YAML file as flat as they are.</summary>
internal static class IniConfig
{
    /// <summary>Its settings in their order. A section's name is given in lower case; "" before the first.</summary>
    /// <param name="separator">= in an INI file, : in YAML.</param>
    public static IEnumerable<(string Section, string Name, string Value, int Line)> Read(string text, char separator)
    {
        var section = "";
        var number = 0;
        foreach (var whole in text.Split('\n'))
        {
            number++;
            var line = whole.Trim();
            if (line.Length == 0 || line[0] is ';' or '#')
                continue;
            if (line[0] == '[')
            {
                section = line.Trim('[', ']').Trim().ToLowerInvariant();
                continue;
            }

            var at = line.IndexOf(separator, StringComparison.Ordinal);
            var name = at < 0 ? line : line[..at].Trim();
            var value = at < 0 ? "" : line[(at + 1)..];
            var comment = value.IndexOf(" ;", StringComparison.Ordinal);
            value = (comment < 0 ? value : value[..comment]).Trim().Trim('"', '\'');
            yield return (section, name, value, number);
            if (separator == ':' && value.Length == 0)
                section = name.ToLowerInvariant();
        }
    }
}
