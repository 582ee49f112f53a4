using System.Diagnostics;

namespace Weir.EndToEnd.Support;

/// <summary>Waits for what must come to hold, with a limit that only a fault reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static void True(Func<bool> condition, string what, TimeSpan? limit = null) =>
        True(condition, () => what, limit);

    public static void True(Func<bool> condition, Func<string> what, TimeSpan? limit = null)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > (limit ?? Limit)) throw new TimeoutException("never came to hold: " + what());
            Thread.Sleep(2);
        }
    }
}
