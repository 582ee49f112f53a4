using System.Globalization;

namespace Weir.Core.Processes;

/// <summary>Reads "web=4,worker=2", as foreman and heroku write it; spaces may stand for commas.</summary>
internal static class FormationText
{
    /// <summary>More instances of one type on one machine are a slip of the finger.</summary>
    public const int CountMax = 1_000;

    /// <returns>Null where it cannot be read; <paramref name="problem"/> then is a sentence.</returns>
    public static Dictionary<string, int>? Parse(string text, out string problem)
    {
        problem = "";
        var counts = new Dictionary<string, int>();
        foreach (var part in text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            if (equals < 1 || !int.TryParse(part.AsSpan(equals + 1), NumberStyles.None, CultureInfo.InvariantCulture,
                out var count) || count > CountMax)
            {
                problem = $"'{part}' is no process type with its number of instances; say web=4 or web=4,worker=2";
                return null;
            }

            counts[part[..equals]] = count;
        }

        if (counts.Count == 0)
            problem = "say which process type and how many instances of it: web=4";
        return counts.Count == 0 ? null : counts;
    }
}
