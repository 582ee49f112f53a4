namespace Weir.Config;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class NearestName
{
    /// <summary>"; did you mean NAME?", or nothing where no name is near.</summary>
    public static string Hint(string written, IEnumerable<string> names) =>
        Of(written, names) is { } name ? $"; did you mean {name}?" : "";

    /// <summary>The nearest name within a third of its length in edits, or null.</summary>
    public static string? Of(string written, IEnumerable<string> names)
    {
        string? best = null;
        var bestDistance = int.MaxValue;
        var asked = Plain(written);
        foreach (var name in names)
        {
            var candidate = Plain(name);
            // "max-wait" for "queue.max-wait": a whole last part is a good guess, one edit worse than a near spelling.
            var distance = name.EndsWith('.' + written, StringComparison.Ordinal) ? 1 : Distance(asked, candidate);
            if (distance < bestDistance && distance <= Math.Max(1, candidate.Length / 3))
                (best, bestDistance) = (name, distance);
        }
        return best;
    }

    private static string Plain(string name) => name.Replace('_', '-').Replace('.', '-').ToLowerInvariant();

    /// <summary>Levenshtein's distance, with one row kept.</summary>
    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[right.Length];
    }
}
