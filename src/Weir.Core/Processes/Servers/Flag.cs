namespace Weir.Core.Processes.Servers;

/// <summary>An option as it was given.</summary>
/// <param name="Value">"4"; empty where it takes none.</param>
/// <param name="Told">"-w 4", "--workers=4".</param>
internal readonly record struct Flag(string Value, string Told)
{
    /// <summary>The last time that an option with a value was given, which holds; null if never.</summary>
    /// <param name="letter">"-w"; empty where it has none.</param>
    /// <param name="names">"--workers"; a long beginning of the first is taken for it too.</param>
    public static Flag? Last(IReadOnlyList<string> words, string letter, params string[] names)
    {
        var all = All(words, letter, names);
        return all.Count == 0 ? null : all[^1];
    }

    public static List<Flag> All(IReadOnlyList<string> words, string letter, params string[] names)
    {
        var found = new List<Flag>();
        for (var at = 0; at < words.Count && words[at] != "--"; at++)
        {
            var word = words[at];
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? word[..equals] : word;
            if (Is(name, letter, names))
            {
                var hasNext = equals < 0 && at + 1 < words.Count;
                var value = equals > 0 ? word[(equals + 1)..] : hasNext ? words[at + 1] : "";
                found.Add(new Flag(value, hasNext ? $"{word} {value}" : word));
                at += hasNext ? 1 : 0;
            }
            else if (letter.Length > 0 && word.Length > 2 && word.StartsWith(letter, StringComparison.Ordinal))
            {
                found.Add(new Flag(word[2..], word));
            }
        }

        return found;
    }

    public static bool Has(IReadOnlyList<string> words, string name) => words.Contains(name);

    private static bool Is(string name, string letter, string[] names)
    {
        if (name.Length < 2)
            return false;
        if (name == letter || names.Contains(name))
            return true;
        return name.Length >= 5 && names.Length > 0 && name.StartsWith("--", StringComparison.Ordinal)
            && names[0].StartsWith(name, StringComparison.Ordinal);
    }
}
