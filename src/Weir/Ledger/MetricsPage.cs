using System.Globalization;
using System.Text;

namespace Weir.Ledger;

/// <summary>A page of Prometheus text as it grows. Each metric begins once, and all its samples follow.</summary>
internal sealed class MetricsPage
{
    private readonly StringBuilder _text = new(16 * 1024);
    private Metric _metric = MetricNames.BuildInfo;

    public void Begin(Metric metric)
    {
        _metric = metric;
        _text.Append("# HELP ").Append(metric.Name).Append(' ').Append(metric.Help).Append('\n');
        _text.Append("# TYPE ").Append(metric.Name).Append(' ').Append(metric.Kind).Append('\n');
    }

    public void Add(double value, params ReadOnlySpan<(string Name, string Value)> labels) =>
        AddSample("", value, labels);

    public void AddOne(Metric metric, double value)
    {
        Begin(metric);
        Add(value);
    }

    /// <param name="bounds">Microseconds; written as seconds.</param>
    /// <param name="cumulative">How many lie at or below each bound.</param>
    public void AddHistogram(ReadOnlySpan<long> bounds, ReadOnlySpan<long> cumulative, long count, long sumMicros,
        (string Name, string Value)[] labels)
    {
        for (var i = 0; i < bounds.Length; i++)
            AddSample("_bucket", cumulative[i], [.. labels, ("le", Number(bounds[i] / 1e6))]);
        AddSample("_bucket", count, [.. labels, ("le", "+Inf")]);
        AddSample("_sum", sumMicros / 1e6, labels);
        AddSample("_count", count, labels);
    }

    public override string ToString() => _text.ToString();

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private void AddSample(string suffix, double value, ReadOnlySpan<(string Name, string Value)> labels)
    {
        _text.Append(_metric.Name).Append(suffix);
        for (var i = 0; i < labels.Length; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            foreach (var letter in labels[i].Value)
            {
                _ = letter switch
                {
                    '\\' => _text.Append("\\\\"),
                    '"' => _text.Append("\\\""),
                    '\n' => _text.Append("\\n"),
                    _ => _text.Append(letter),
                };
            }
            _text.Append('"');
        }
        _text.Append(labels.IsEmpty ? " " : "} ").Append(Number(value)).Append('\n');
    }
}
