using System.Diagnostics;
using System.Globalization;
using Weir.Bench.Figures;

namespace Weir.Bench.Load;

/// <summary>Counts a process tree's instructions with <c>perf stat</c>, where the machine has the counter.</summary>
internal sealed class Instructions : IDisposable
{
    private static readonly Lazy<bool> CounterExists = new(() =>
        Machine.Capture("perf", "stat", "-x", ",", "-e", "instructions", "true") is { Length: > 0 } said
        && !said.Contains("not supported", StringComparison.Ordinal)
        && !said.Contains("not counted", StringComparison.Ordinal));

    private readonly Process? _perf;

    /// <param name="leader">Leader of the group whose processes are counted, with threads begun later.</param>
    public Instructions(int leader)
    {
        if (leader == 0 || !Supported) return;
        var group = Machine.Capture("pgrep", "-g", leader.ToString(CultureInfo.InvariantCulture));
        var ids = string.Join(',', group.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        _perf = Process.Start(new ProcessStartInfo("perf", ["stat", "-x", ",", "-e", "instructions", "-p", ids])
        {
            RedirectStandardError = true,
        });
    }

    public static bool Supported => CounterExists.Value;

    /// <summary>Ends the count; null where there is no counter.</summary>
    public long? Stop()
    {
        if (_perf is null) return null;
        Machine.Capture("kill", "-INT", _perf.Id.ToString(CultureInfo.InvariantCulture));
        var said = _perf.StandardError.ReadToEnd();
        _perf.WaitForExit();
        var first = said.Split(',')[0];
        return long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
    }

    public void Dispose()
    {
        if (_perf is { HasExited: false }) _perf.Kill();
        _perf?.Dispose();
    }
}
