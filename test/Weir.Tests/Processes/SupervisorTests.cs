using Weir.Edge;
using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class SupervisorTests
{
    [Theory]
    [InlineData("42", "2", 2)]
    [InlineData("41", "2", 0)]
    [InlineData("42", "0", 0)]
    [InlineData("42", "-1", 0)]
    [InlineData("42", "1000", 0)]
    [InlineData("42", null, 0)]
    [InlineData(null, "2", 0)]
    [InlineData("", "", 0)]
    public void Sockets_are_ours_where_they_name_us(string? forWhom, string? howMany, int count) =>
        Assert.Equal(count, InheritedSockets.Count(forWhom, howMany, own: 42));

    [Theory]
    [InlineData(null, "30000000", 30_000_000)]
    [InlineData("42", "30000000", 30_000_000)]
    [InlineData("41", "30000000", 0)]
    [InlineData(null, null, 0)]
    [InlineData(null, "soon", 0)]
    public void A_watchdog_is_ours_where_it_names_us_or_nobody(string? forWhom, string? micros, long expected) =>
        Assert.Equal(expected, Supervisor.Watchdog(forWhom, micros, own: 42));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("vsock:2:1234")]
    public void Without_a_socket_that_we_know_nothing_is_told(string? address)
    {
        using var manager = new Supervisor(address, 1_000_000);
        manager.Ready("x");
        manager.Alive();
        Assert.Equal(0, manager.WatchdogMicros);
    }
}
