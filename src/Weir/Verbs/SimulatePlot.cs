using System.Text;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>The distribution of waits as bars of characters, a row for each step of 1, 2, 5.</summary>
internal static class SimulatePlot
{
    private const int BarMax = 50;
    private static readonly long[] s_steps = [1, 2, 5];

    public static string Write(SimSummary summary)
    {
        var waits = summary.AllWaits();
        var text = new StringBuilder();
        text.Append(summary.Label).Append(": waits\n");
        if (waits.Count == 0)
            return text.Append("  nothing was answered\n").ToString();
        var rows = Rows(waits).ToList();
        var most = rows.Max(row => row.Share);
        foreach (var (upTo, share) in rows)
        {
            var eighths = (int)Math.Round(share / most * BarMax * 8);
            var bar = new string('█', eighths / 8) + (eighths % 8 == 0 ? "" : "▏▎▍▌▋▊▉"[eighths % 8 - 1].ToString());
            text.Append(("≤ " + Time(upTo)).PadLeft(12)).Append(SimulateVerb.Text($"{share * 100,7:0.00} % "))
                .Append(bar).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Shares between one step and the next, from the first that holds any to the last.</summary>
    private static IEnumerable<(long UpTo, double Share)> Rows(TimeHistogram waits)
    {
        long before = waits.CountUpTo(0);
        if (before > 0)
            yield return (0, before / (double)waits.Count);
        for (var tens = 100L; before < waits.Count; tens *= 10)
        {
            foreach (var step in s_steps)
            {
                var upTo = tens * step;
                var count = waits.CountUpTo(upTo);
                if (count > before)
                    yield return (upTo, (count - before) / (double)waits.Count);
                before = count;
            }
        }
    }

    private static string Time(long micros) => micros switch
    {
        0 => "0",
        < 1_000_000 => SimulateVerb.Text($"{micros / 1000.0:0.#} ms"),
        _ => SimulateVerb.Text($"{micros / 1e6:0.#} s"),
    };
}
