using Weir.Beat;
using Weir.Config;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Sites;
using Weir.Edge;
using Weir.Intake;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;

namespace Weir;

/// <summary>What an exchange finds in the house. Built by <see cref="House"/>, the same for all exchanges.</summary>
internal sealed class Rooms
{
    public required WeirOptions Options { get; init; }
    public required GateLimits Limits { get; init; }
    public required GateLimits LimitsReporting { get; init; }
    public required TrustPolicy Trust { get; init; }
    public required Heartbeat Heartbeat { get; init; }
    public required BlockPool Blocks { get; init; }
    public required SpillDisk Disk { get; init; }
    public required ClientBudgets ClientBudgets { get; init; }
    public required TicketBook Tickets { get; init; }
    public required RouteTable Sites { get; init; }
    public required App[] Apps { get; init; }
    public required ExchangeLedger Ledger { get; init; }
    public required byte[] HealthPath { get; init; }
    public Bypass Bypass { get; } = new();
    public Counters Counters { get; } = new();

    /// <summary>True from the first moment of a shutdown: answers announce the close of their connection.</summary>
    public bool IsClosing => Volatile.Read(ref _isClosing);

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception>? WhenFault { get; set; }

    /// <summary>Takes over a socket that speaks HTTP/2, with the bytes read of it; null where that is off.</summary>
    public Action<System.Net.Sockets.Socket, byte[]>? HandOver { get; set; }

    /// <summary>Tells of a change of state: what, of which app or instance, and more.</summary>
    public Action<HouseMessage, string, string> Say { get; set; } = (_, _, _) => { };

    private bool _isClosing;

    public void BeginClosing() => Volatile.Write(ref _isClosing, true);
}
