using System.Globalization;
using Weir.Core.Chance;

namespace Weir.Sim.Arrivals;

/// <summary>So many requests in each second, spread over it at random: from a file of counts.</summary>
internal sealed class CountTraffic(IReadOnlyList<int> counts) : Traffic
{
    private const int CountMax = 10_000_000;

    public override double RateMean => counts.Average();

    public override long Duration => counts.Count * 1_000_000L;

    /// <summary>
    /// One count a line, the first second first; or "second,count" with seconds that may be left out. '#' begins a
    /// comment.
    /// </summary>
    /// <exception cref="FormatException">A line is none of these; the message names it.</exception>
    public static CountTraffic Read(IEnumerable<string> lines)
    {
        var counts = new List<int>();
        var number = 0;
        foreach (var line in lines)
        {
            number++;
            var text = line.Split('#')[0].Trim();
            if (text.Length == 0)
                continue;
            var parts = text.Split([',', ' ', '\t', ';'], StringSplitOptions.RemoveEmptyEntries);
            var second = counts.Count;
            if (parts.Length > 2 || !TryRead(parts[^1], CountMax, out var count)
                || parts.Length == 2 && !TryRead(parts[0], 10_000_000, out second) || second < counts.Count)
            {
                throw new FormatException(
                    $"line {number}: '{text}' is no count; write one number a line, or second,count in order");
            }

            while (counts.Count < second)
                counts.Add(0);
            counts.Add(count);
        }

        return counts.Sum(count => (long)count) > 0 ? new CountTraffic(counts)
            : throw new FormatException("there is no request in it");
    }

    public override Traffic Scaled(double factor) =>
        new CountTraffic([.. counts.Select(count => (int)Math.Round(count * factor))]);

    public override ArrivalStream Open(ulong seed, long duration) => new Stream(counts, seed, duration);

    private static bool TryRead(string text, int max, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value <= max;

    private sealed class Stream(IReadOnlyList<int> counts, ulong seed, long duration) : ArrivalStream
    {
        private readonly SeededRandom _chance = SeededRandom.Stream(seed, "arrivals");
        private int _second = -1;
        private int _left;
        private double _at;

        public override bool TryNext(out SimArrival next)
        {
            next = new SimArrival { Service = -1, Upload = -1, Route = -1 };
            while (_left == 0)
            {
                if (++_second >= counts.Count)
                    return false;
                _left = counts[_second];
                _at = _second * 1e6;
            }

            // The first of n that fall anywhere in what is left of the second, each as likely as the others.
            var end = (_second + 1) * 1e6;
            _at += (end - _at) * (1 - Math.Pow(1 - _chance.NextDouble(), 1.0 / _left));
            _left--;
            next.At = (long)_at;
            return next.At < duration;
        }
    }
}
