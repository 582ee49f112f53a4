using Weir.Beat;
using Weir.Caching;
using Weir.Config;
using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Edge;
using Weir.Intake;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;

namespace Weir;

/// <summary>What an exchange finds in the house. Built by <see cref="House"/>, the same for all exchanges.</summary>
internal sealed class Rooms
{
    private LiveOptions _live = null!;

    /// <summary>What a reload changes. Who needs two things that belong together reads this once.</summary>
    public required LiveOptions Live
    {
        get => Volatile.Read(ref _live);
        set => Volatile.Write(ref _live, value);
    }

    public WeirOptions Options => Live.Options;
    public GateLimits Limits => Live.Limits;
    public TrustPolicy Trust => Live.Trust;
    public App[] Apps => Live.Apps;
    public required Heartbeat Heartbeat { get; init; }
    public required BlockPool Blocks { get; init; }
    public required SpillDisk Disk { get; init; }
    public required ClientBudgets ClientBudgets { get; init; }
    public required CacheRoom Cache { get; init; }
    public required TicketBook Tickets { get; init; }
    public required ExchangeLedger Ledger { get; init; }
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
