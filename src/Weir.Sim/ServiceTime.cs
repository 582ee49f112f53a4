using System.Globalization;
using Weir.Core.Chance;

namespace Weir.Sim;

/// <summary>How long a worker works on a request: a distribution, drawn from in microseconds.</summary>
/// <remarks>
/// <c>exp:100ms</c> exponential · <c>const:100ms</c> · <c>lognormal:MEDIAN,SIGMA</c> · <c>weibull:SHAPE,SCALE</c> ·
/// <c>bimodal:FAST,SLOW,SHARE</c> where SHARE (0…1) of requests are slow. <c>weibull:SHAPE,SCALE,LEAST,MOST</c> keeps
/// within bounds, in whole milliseconds.
/// </remarks>
internal sealed class ServiceTime
{
    private readonly ServiceShape _shape;
    private readonly double _first;
    private readonly double _second;
    private readonly double _third;
    private readonly double _fourth;

    private readonly long[] _seen = [];

    private ServiceTime(long[] seen) => (_shape, _seen, _first) = (ServiceShape.Empirical, seen, seen.Average());

    private ServiceTime(ServiceShape shape, double first, double second = 0, double third = 0,
        double fourth = 0) =>
        (_shape, _first, _second, _third, _fourth) = (shape, first, second, third, fourth);

    /// <summary>The distribution's mean, in microseconds.</summary>
    public double Mean => _shape switch
    {
        ServiceShape.LogNormal => _first * Math.Exp(_second * _second / 2),
        ServiceShape.Weibull => _second * Gamma(1 + 1 / _first),
        ServiceShape.Bimodal => _first * (1 - _third) + _second * _third,
        ServiceShape.ClampedWeibull => ClampedMean(),
        _ => _first,
    };

    /// <summary>Microseconds, at least 1.</summary>
    public long Draw(SeededRandom chance) => Math.Max(1, (long)Math.Round(_shape switch
    {
        ServiceShape.Constant => _first,
        ServiceShape.LogNormal => _first * Math.Exp(_second * Normal(chance)),
        ServiceShape.Weibull => _second * Math.Pow(-Math.Log(1 - chance.NextDouble()), 1 / _first),
        ServiceShape.ClampedWeibull => Clamped(chance.NextDouble()),
        ServiceShape.Bimodal => chance.NextDouble() < _third ? _second : _first,
        ServiceShape.Empirical => Between(chance.NextDouble() * (_seen.Length - 1)),
        _ => -Math.Log(1 - chance.NextDouble()) * _first,
    }));

    /// <summary>What was seen, as it was, with what lies between two neighbours; not empty. Microseconds.</summary>
    public static ServiceTime Empirical(IEnumerable<long> seen) => new([.. seen.Order()]);

    /// <summary>Reads "exp:100ms" and the like; null where it is none, with what is wrong.</summary>
    public static ServiceTime? Read(string text, out string problem)
    {
        var colon = text.IndexOf(':');
        var kind = colon < 0 ? text : text[..colon];
        var parts = colon < 0 ? [] : text[(colon + 1)..].Split(',');
        problem = $"'{text}' is not a service time; write exp:100ms, const:100ms, lognormal:80ms,0.5 (median, sigma), "
            + "weibull:0.8,79ms (shape, scale) or bimodal:20ms,2s,0.05 (fast, slow, share of slow)";
        return (kind, parts.Length) switch
        {
            ("exp", 1) when Time(parts[0], out var mean) => new(ServiceShape.Exponential, mean),
            ("const", 1) when Time(parts[0], out var all) => new(ServiceShape.Constant, all),
            ("lognormal", 2) when Time(parts[0], out var median) && Number(parts[1], out var sigma) && sigma < 10 =>
                new(ServiceShape.LogNormal, median, sigma),
            ("weibull", 2) when Number(parts[0], out var shape) && shape is > 0.05 and < 100
                && Time(parts[1], out var scale) => new(ServiceShape.Weibull, shape, scale),
            ("weibull", 4) when Number(parts[0], out var shape) && shape is > 0.05 and < 100
                && Time(parts[1], out var scale) && Time(parts[2], out var least) && Time(parts[3], out var most)
                && least < most => new(ServiceShape.ClampedWeibull, shape, scale, least, most),
            ("bimodal", 3) when Time(parts[0], out var fast) && Time(parts[1], out var slow)
                && Number(parts[2], out var share) && share <= 1 => new(ServiceShape.Bimodal, fast, slow, share),
            _ => null,
        };
    }

    private double Between(double place)
    {
        var below = (int)place;
        return below + 1 >= _seen.Length ? _seen[^1]
            : _seen[below] + (place - below) * (_seen[below + 1] - _seen[below]);
    }

    /// <summary>Whole milliseconds, rounded up, within bounds: as those who published it drew.</summary>
    private double Clamped(double share)
    {
        var drawn = _second * Math.Pow(-Math.Log(1 - share), 1 / _first);
        return Math.Ceiling(Math.Clamp(drawn, _third, _fourth) / 1000) * 1000;
    }

    private double ClampedMean()
    {
        const int parts = 1 << 20;
        var sum = 0.0;
        for (var part = 0; part < parts; part++)
            sum += Clamped((part + 0.5) / parts);
        return sum / parts;
    }

    private static bool Time(string text, out double micros) => Durations.TryRead(text, out micros) && micros > 0;

    private static bool Number(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);

    /// <summary>Box–Muller; the second of the pair is not kept, so that each request takes the same draws.</summary>
    private static double Normal(SeededRandom chance) =>
        Math.Sqrt(-2 * Math.Log(1 - chance.NextDouble())) * Math.Cos(2 * Math.PI * chance.NextDouble());

    /// <summary>Lanczos' approximation (g = 7, n = 9); exact to 15 digits for what is asked here (1 … 21).</summary>
    private static double Gamma(double x)
    {
        ReadOnlySpan<double> c =
        [
            0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
            12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
        ];
        x -= 1;
        var sum = c[0];
        for (var i = 1; i < c.Length; i++)
            sum += c[i] / (x + i);
        var t = x + 7.5;
        return Math.Sqrt(2 * Math.PI) * Math.Pow(t, x + 0.5) * Math.Exp(-t) * sum;
    }
}
