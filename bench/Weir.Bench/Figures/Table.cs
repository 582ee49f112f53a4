using System.Globalization;
using System.Text;

namespace Weir.Bench.Figures;

/// <summary>A table in Markdown, its columns padded so that it reads as plain text too.</summary>
internal sealed class Table(string title, params string[] columns)
{
    private readonly List<string[]> _rows = [];

    public void Add(params string[] cells) => _rows.Add(cells);

    public override string ToString()
    {
        var widths = columns.Select((c, i) => _rows.Select(r => r[i].Length).Append(c.Length).Max()).ToArray();
        var text = new StringBuilder();
        if (title.Length > 0) text.Append("**").Append(title).Append("**\n\n");
        Append(text, columns, widths);
        var rules = widths.Select((w, i) => i == 0 ? new string('-', w + 2) : new string('-', w + 1) + ":");
        text.Append('|').AppendJoin('|', rules).Append("|\n");
        foreach (var row in _rows) Append(text, row, widths);
        return text.ToString();
    }

    public static string Number(double value, string format = "0.0") =>
        double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);

    public static string Ratio(double value, double to) => Number(value / to, "0.00") + " ×";

    private static void Append(StringBuilder text, string[] cells, int[] widths)
    {
        for (var i = 0; i < cells.Length; i++)
            text.Append("| ").Append(i == 0 ? cells[i].PadRight(widths[i]) : cells[i].PadLeft(widths[i])).Append(' ');
        text.Append("|\n");
    }
}
