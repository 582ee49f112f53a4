namespace Weir.Core.Caching;

/// <summary>
/// The variants that a pattern names: <c>https://a.example/report?region={n,s}&amp;period={1,2,3}</c> is six URLs, each
/// choice of a brace with each of the others.
/// </summary>
internal static class WarmTargets
{
    /// <summary>Variants of one pattern; more are a mistake, or a cache of everything.</summary>
    public const int CountMax = 1_000;

    /// <returns>Null with what is wrong.</returns>
    public static IReadOnlyList<string>? Expand(string pattern, out string problem)
    {
        problem = "";
        List<string> all = [""];
        var rest = pattern;
        while (rest.IndexOf('{', StringComparison.Ordinal) is var open and >= 0)
        {
            var close = rest.IndexOf('}', open);
            if (close < 0)
            {
                problem = $"'{pattern}' has a '{{' without a '}}'";
                return null;
            }

            var choices = rest[(open + 1)..close].Split(',');
            if ((long)all.Count * choices.Length > CountMax)
            {
                problem = $"'{pattern}' names more than {CountMax} variants";
                return null;
            }

            var before = rest[..open];
            all = [.. all.SelectMany(start => choices.Select(choice => start + before + choice.Trim()))];
            rest = rest[(close + 1)..];
        }

        if (rest.Contains('}', StringComparison.Ordinal))
        {
            problem = $"'{pattern}' has a '}}' without a '{{'";
            return null;
        }

        return [.. all.Select(start => start + rest)];
    }
}
