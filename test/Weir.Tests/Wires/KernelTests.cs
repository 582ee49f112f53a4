using Weir.Wires;

namespace Weir.Tests.Wires;

/// <summary>A call that fails tells why, whatever else the program does.</summary>
public sealed unsafe class KernelTests
{
    private const int BadDescriptor = 9;

    /// <summary>The error number is read after the call; a collection of garbage may come between.</summary>
    [Fact]
    public void A_failed_calls_error_is_told_while_garbage_is_collected()
    {
        const int calls = 10_000;
        var buffer = stackalloc byte[16];
        using var ended = new CancellationTokenSource();
        var collector = Task.Run(() =>
        {
            for (var kept = new List<object>(); !ended.IsCancellationRequested; kept.Add(new object()))
                GC.Collect(kept.Count % 2, GCCollectionMode.Forced, blocking: true);
        });
        try
        {
            for (var call = 0; call < calls; call++)
            {
                Assert.Equal(-1, Kernel.ReceiveNow(-1, buffer, 16));
                Assert.Equal(BadDescriptor, Kernel.LastError);
                Assert.Equal(-1, Kernel.EpollControl(-1, Kernel.EpollAdd, 0, buffer));
                Assert.Equal(BadDescriptor, Kernel.LastError);
            }
        }
        finally
        {
            ended.Cancel();
            Assert.True(collector.Wait(TimeSpan.FromSeconds(30)));
        }
    }
}
