using System.Globalization;
using Weir.Sim.Validation;

namespace Weir.Sim.Tuning;

/// <summary>One thing that must hold: "p95 wait &lt; 50ms", "loss &lt; 0.1%", "mean response &lt; 300ms".</summary>
/// <param name="Most">Milliseconds, or a share.</param>
internal sealed record TuneGoal(Figure Figure, double Most, string Text)
{
    private static readonly Dictionary<string, Figure> s_figures = new()
    {
        ["mean wait"] = Figure.WaitMean,
        ["p95 wait"] = Figure.WaitP95,
        ["p99 wait"] = Figure.WaitP99,
        ["mean response"] = Figure.ResponseMean,
        ["median response"] = Figure.ResponseP50,
        ["p50 response"] = Figure.ResponseP50,
        ["p95 response"] = Figure.ResponseP95,
        ["p99 response"] = Figure.ResponseP99,
        ["loss"] = Figure.Loss,
    };

    /// <summary>Null where the text is none, with a sentence that says what it should be.</summary>
    public static IReadOnlyList<TuneGoal>? Read(string text, out string problem)
    {
        var goals = new List<TuneGoal>();
        problem = "";
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('<', StringSplitOptions.TrimEntries);
            if (sides.Length == 2 && s_figures.TryGetValue(string.Join(' ', sides[0].Split(
                ' ', StringSplitOptions.RemoveEmptyEntries)), out var figure) && Bound(figure, sides[1], out var most))
            {
                goals.Add(new TuneGoal(figure, most, part));
                continue;
            }

            problem = $"'{part}' is no goal; write \"p95 wait < 50ms\" or \"loss < 0.1%\"; there are "
                + string.Join(", ", s_figures.Keys);
            return null;
        }

        if (goals.Count > 0)
            return goals;
        problem = "there is no goal in it; write \"p95 wait < 50ms, loss < 0.1%\"";
        return null;
    }

    public bool IsMet(IReadOnlyList<SimResult> results) => Figures.Of(results, Figure).Mean < Most;

    private static bool Bound(Figure figure, string text, out double most)
    {
        if (Figures.IsTime(figure))
        {
            var isTime = Durations.TryRead(text, out var micros);
            most = micros / 1000;
            return isTime;
        }

        var isShare = double.TryParse(text.TrimEnd('%', ' '), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out most);
        most /= 100;
        return isShare && text.EndsWith('%');
    }
}
