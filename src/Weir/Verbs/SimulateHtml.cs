using System.Globalization;
using System.Net;
using System.Text;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>Results as one page with plots: no script, no request to anywhere.</summary>
internal static class SimulateHtml
{
    private const int Width = 860;
    private const int Height = 320;
    private const int Left = 60;
    private const int Bottom = 40;

    private static readonly string[] s_colours =
        ["#1f6feb", "#d1242f", "#1a7f37", "#bf8700", "#8250df", "#0a8f9c", "#cf5c9c", "#57606a"];

    public static string Write(SimulateReport report)
    {
        var page = new StringBuilder();
        page.Append("<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>weir simulate</title><style>")
            .Append("body{font:15px system-ui,sans-serif;margin:2em auto;max-width:960px;color:#1f2328}")
            .Append("table{border-collapse:collapse}td,th{padding:.3em .9em;text-align:right;")
            .Append("border-bottom:1px solid #d0d7de}td:first-child,th:first-child{text-align:left}")
            .Append("pre{white-space:pre-wrap}.w{color:#9a6700}svg{background:#fff}text{font-size:12px}</style>")
            .Append("<h1>weir simulate</h1><p>").Append(Text(report.Title)).Append("</p>");
        foreach (var warning in report.Warnings)
            page.Append("<p class=\"w\">").Append(Text(warning)).Append("</p>");
        WriteTable(page, report);
        page.Append("<h2>Share of requests that wait longer</h2>");
        WritePlot(page, report, one => one.Wait);
        page.Append("<h2>Share of requests that take longer</h2>");
        WritePlot(page, report, one => one.Response);
        return page.Append("</html>\n").ToString();
    }

    private static void WriteTable(StringBuilder page, SimulateReport report)
    {
        (string Name, Func<SimSummary, string> Cell)[] rows =
        [
            ("wait, mean ms", one => Mean(one.Wait)),
            ("p50", one => SimulateText.Number(one.Wait.P50)),
            ("p95", one => SimulateText.Number(one.Wait.P95)),
            ("p99", one => SimulateText.Number(one.Wait.P99)),
            ("response, mean ms", one => Mean(one.Response)),
            ("p50", one => SimulateText.Number(one.Response.P50)),
            ("p95", one => SimulateText.Number(one.Response.P95)),
            ("p99", one => SimulateText.Number(one.Response.P99)),
            ("requests", one => SimulateVerb.Text($"{one.Requests}")),
            ("lost", one => SimulateVerb.Text($"{one.Lost}")),
            ("gave up", one => SimulateVerb.Text($"{one.GaveUp}")),
            ("utilization", one => SimulateVerb.Text($"{one.Utilization * 100:0.0} %")),
            ("instance-hours", one => SimulateVerb.Text($"{one.InstanceHours:0.##}")),
        ];
        page.Append("<table><tr><th></th>");
        for (var index = 0; index < report.Columns.Count; index++)
        {
            page.Append("<th style=\"color:").Append(Colour(index)).Append("\">")
                .Append(Text(report.Columns[index].Label)).Append("</th>");
        }

        page.Append("</tr>");
        foreach (var (name, cell) in rows)
        {
            page.Append("<tr><td>").Append(name).Append("</td>");
            foreach (var column in report.Columns)
                page.Append("<td>").Append(cell(column)).Append("</td>");
            page.Append("</tr>");
        }

        page.Append("</table>");
    }

    /// <summary>From 1 to 0.0001 of requests upwards, and from 0.1 ms to the longest to the right; both by powers.
    /// </summary>
    private static void WritePlot(
        StringBuilder page, SimulateReport report, Func<SimResult, TimeHistogram> pick)
    {
        var all = report.Columns.Select(column =>
        {
            var merged = new TimeHistogram();
            foreach (var result in column.Results)
                merged.Add(pick(result));
            return merged;
        }).ToList();
        var longest = all.Max(one => one.Percentile(1));
        var decades = Math.Max(1, (int)Math.Ceiling(Math.Log10(Math.Max(1000, longest) / 100)));
        page.Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height}\" width=\"{Width}\" height=\"{Height}\">");
        WriteGrid(page, decades);
        for (var index = 0; index < all.Count; index++)
        {
            page.Append("<polyline fill=\"none\" stroke-width=\"2\" stroke=\"").Append(Colour(index))
                .Append("\" points=\"");
            for (var step = 0; step <= decades * 40; step++)
            {
                var micros = 100 * Math.Pow(10, step / 40.0);
                var over = 1 - all[index].CountUpTo((long)micros) / (double)Math.Max(1, all[index].Count);
                if (over > 0)
                    Point(page, X(step / 40.0, decades), Y(over)).Append(' ');
            }

            page.Append("\"/>");
        }

        page.Append("</svg>");
    }

    private static void WriteGrid(StringBuilder page, int decades)
    {
        for (var decade = 0; decade <= decades; decade++)
        {
            var milliseconds = Math.Pow(10, decade - 1);
            var label = milliseconds < 1000 ? SimulateVerb.Text($"{milliseconds:0.#} ms")
                : SimulateVerb.Text($"{milliseconds / 1000:0} s");
            Line(page, X(decade, decades), 10, X(decade, decades), Height - Bottom);
            Label(page, X(decade, decades), Height - Bottom + 18, label);
        }

        for (var share = 1.0; share > 0.00005; share /= 10)
        {
            Line(page, Left, Y(share), Width - 10, Y(share));
            Label(page, Left - 28, Y(share) + 4, SimulateVerb.Text($"{share * 100:0.##} %"));
        }
    }

    private static double X(double decade, int decades) => Left + decade / decades * (Width - Left - 20);

    private static double Y(double share) =>
        10 + Math.Min(4, -Math.Log10(share)) / 4 * (Height - Bottom - 10);

    private static StringBuilder Point(StringBuilder page, double x, double y) =>
        page.Append(CultureInfo.InvariantCulture, $"{x:0.#},{y:0.#}");

    private static void Line(StringBuilder page, double x, double y, double toX, double toY) =>
        page.Append(CultureInfo.InvariantCulture,
            $"<line x1=\"{x:0.#}\" y1=\"{y:0.#}\" x2=\"{toX:0.#}\" y2=\"{toY:0.#}\" stroke=\"#d8dee4\"/>");

    private static void Label(StringBuilder page, double x, double y, string text) =>
        page.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" text-anchor=\"middle\">{Text(text)}</text>");

    private static string Colour(int index) => s_colours[index % s_colours.Length];

    private static string Mean(TimeSummary times) => times.MeanError > 0
        ? $"{SimulateText.Number(times.Mean)} ± {SimulateText.Number(times.MeanError)}"
        : SimulateText.Number(times.Mean);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
