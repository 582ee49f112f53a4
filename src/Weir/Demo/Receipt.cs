using System.Globalization;
using System.Text;
using Weir.Core.Ledger;

namespace Weir.Demo;

/// <summary>
/// Where one request's time went, in whole milliseconds that add up to the whole milliseconds of the total.
/// </summary>
internal static class Receipt
{
    private const int Phases = 6;
    private const long Milli = 1_000;

    /// <summary>"receive 340 + queue 12 + connect 0 + app 95 + send 2,100 = 2,547 ms; worker busy 95".</summary>
    public static string Write(in PhaseTimes times, long workerMicros)
    {
        var parts = Round(times);
        var text = new StringBuilder();
        for (var phase = Phase.Receive; phase <= Phase.Send; phase++)
        {
            // Nothing is cached in a demo; where it took time all the same, it must be told.
            if (phase == Phase.Cache && parts[(int)phase] == 0)
                continue;
            text.Append(text.Length > 0 ? " + " : "").Append(phase.ToString().ToLowerInvariant()).Append(' ')
                .Append(Number(parts[(int)phase]));
        }

        return text.Append(" = ").Append(Number(RoundHalfUp(times.Total))).Append(" ms; worker busy ")
            .Append(Number(RoundHalfUp(workerMicros))).ToString();
    }

    /// <summary>
    /// Milliseconds of each phase, by largest remainder: each is its true value rounded down or up, and their sum is
    /// the true total rounded.
    /// </summary>
    public static long[] Round(in PhaseTimes times)
    {
        var parts = new long[Phases];
        var remainders = new long[Phases];
        var missing = RoundHalfUp(times.Total);
        for (var phase = 0; phase < Phases; phase++)
        {
            (parts[phase], remainders[phase]) = Math.DivRem(times[phase], Milli);
            missing -= parts[phase];
        }

        for (; missing > 0; missing--)
        {
            var largest = Array.IndexOf(remainders, remainders.Max());
            parts[largest]++;
            remainders[largest] = -1;
        }

        return parts;
    }

    private static long RoundHalfUp(long micros) => (micros + Milli / 2) / Milli;

    private static string Number(long millis) => millis.ToString("N0", CultureInfo.InvariantCulture);
}
