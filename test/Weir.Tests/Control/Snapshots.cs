using Weir.Control;

namespace Weir.Tests.Control;

/// <summary>A house at one moment, as tests need it.</summary>
internal static class Snapshots
{
    public static HouseSnapshot Busy { get; } = new()
    {
        Version = "0.1.0",
        Pid = 42,
        Started = DateTimeOffset.UnixEpoch,
        At = DateTimeOffset.UnixEpoch.AddSeconds(192.5),
        Listen = ["http://0.0.0.0:8080"],
        Bypasses = ["slots"],
        Connections = 12,
        ConnectionsAccepted = 20,
        ActiveRequests = 9,
        HeartbeatMs = [0.4, 1.5],
        Apps =
        [
            new()
            {
                Name = "web",
                Policy = "central",
                Queue = new() { Length = 3, Limit = 100, OldestMs = 1_250 },
                Instances =
                [
                    new()
                    {
                        Name = "web.1",
                        Address = "127.0.0.1:9001",
                        Slots = 2,
                        Abandoned = 2,
                        Holders = [Stuck(0, "abandoned", 41_000), Stuck(1, "abandoned", 39_000)],
                    },
                ],
            },
        ],
    };

    public static SlotSnapshot Stuck(int slot, string state, double ageMs, string path = "/reports") =>
        new() { Slot = slot, State = state, Method = "POST", Path = path, AgeMs = ageMs };
}
