using System.Globalization;
using Weir.Sim;

namespace Weir.Verbs;

/// <summary>Takes a verb's own flags out of a call, and gathers what is wrong with them.</summary>
internal sealed class FlagReader(VerbCall call)
{
    public List<string> Faults { get; } = [];

    public string? Text(string name) => call.Take(name);

    public bool Switch(string name, bool usual = false)
    {
        var text = call.Take(name);
        if (text is not (null or "on" or "off"))
            Faults.Add($"--{name}: '{text}' is neither on nor off");
        return text is null ? usual : text == "on";
    }

    public int Count(string name, int usual, int min, int max)
    {
        if (call.Take(name) is not { } text)
            return usual;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count >= min && count <= max)
        {
            return count;
        }

        Faults.Add($"--{name}: '{text}' is not a number from {min} to {max}");
        return usual;
    }

    /// <summary>Microseconds.</summary>
    public long Time(string name, long usual)
    {
        if (call.Take(name) is not { } text)
            return usual;
        if (text == "0" || Durations.TryRead(text, out _))
            return Durations.TryRead(text, out var micros) ? (long)micros : 0;
        Faults.Add($"--{name}: '{text}' is not a time; write 250ms, 10s, 5m");
        return usual;
    }

    /// <summary>Requests a second; null where it is not given.</summary>
    public double? Rate(string name)
    {
        if (call.Take(name) is not { } text)
            return null;
        var parts = text.Split('/');
        var scale = parts.Length == 1 ? 1 : parts[1] switch { "s" => 1, "m" => 60, "h" => 3600, _ => 0 };
        if (Number(parts[0], 10_000_000, out var rate) && rate > 0 && scale > 0 && parts.Length <= 2)
            return rate / scale;
        Faults.Add($"--{name}: '{text}' is not a rate; write 64/s, 3840/m or 1000/h");
        return 1;
    }

    /// <summary>0 … max.</summary>
    public double Share(string name, double usual, double max = 1)
    {
        if (call.Take(name) is not { } text)
            return usual;
        if (Number(text, max, out var share))
            return share;
        Faults.Add(FormattableString.Invariant($"--{name}: '{text}' is not a number from 0 to {max}"));
        return usual;
    }

    public ServiceTime? Service(string name)
    {
        if (call.Take(name) is not { } text)
            return null;
        var service = ServiceTime.Read(text, out var problem);
        if (service is null)
            Faults.Add($"--{name}: {problem}");
        return service;
    }

    public static bool Number(string text, double max, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number)
            && number >= 0 && number <= max;
}
