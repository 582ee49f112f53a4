namespace Weir.Tests.Support;

/// <summary>Waits for what another thread is about to make true, with a limit that only a fault reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static void True(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), "never came to hold: " + what);
}
