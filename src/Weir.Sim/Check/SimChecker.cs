using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Sim.Check;

/// <summary>
/// Looks at a whole world: each router's steps, that every exchange ends once, that its times add up, and that nothing
/// is left at the end. Throws where that does not hold.
/// </summary>
/// <param name="stepsMax">More than that and the world turns in circles.</param>
internal sealed class SimChecker(int stepsMax = 1_000_000)
{
    private const ulong FnvPrime = 1099511628211;

    private readonly List<RouterChecker> _routers = [];
    private readonly Dictionary<int, PhaseClock> _open = [];

    /// <summary>Every event and command so far, folded into one number.</summary>
    public ulong Hash { get; private set; } = 14695981039346656037;

    public int Steps { get; private set; }

    public int Leases { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Exchanges that ended, by how.</summary>
    public int[] Ends { get; } = new int[Enum.GetValues<ExchangeEnd>().Length];

    /// <summary>To be told of each router, in order, before its first step.</summary>
    public void Watch(AppRouter router) => _routers.Add(new RouterChecker(router));

    public void Stepped(long now, int router, in RoutingEvent happened, CommandBuffer commands)
    {
        if (++Steps > stepsMax)
            throw new CheckException(FaultKind.Liveness, "it goes on for ever");
        Fold(now);
        Fold((long)happened.Kind << 32 | (long)happened.Ticket);
        _routers[router].Stepped(now, happened, commands);
        Follow(now, happened);
        for (var index = 0; index < commands.Count; index++)
            Follow(now, commands[index]);
    }

    public void Started(long now, int ticket) => Enter(now, ticket, Phase.App);

    public void Ended(long now, int ticket, ExchangeEnd end)
    {
        Ends[(int)end]++;
        if (!_open.Remove(ticket, out var clock))
        {
            // One that its client gave up while it was sent was never whole.
            Require(end == ExchangeEnd.GaveUp, $"request {ticket} ended ({end}) and was not under way");
            return;
        }

        var arrived = clock.Arrived;
        var times = clock.End(now);
        Require(times.Total == now - arrived,
            $"request {ticket} ({end}): its phases add up to {times.Total} µs of {now - arrived}");
    }

    /// <summary>A request stands behind a busy worker though its router counts slots.</summary>
    public void Stacked(int ticket) =>
        Require(false, $"step {Steps}: request {ticket} was sent to a worker that is busy");

    public void AtRest()
    {
        Require(_open.Count == 0, $"{_open.Count} exchanges never ended");
        Require(_routers.TrueForAll(router => router.Held == 0), "a lease never came back");
        Require(_routers.TrueForAll(router => router.Waiting == 0), "a request waits for ever");
    }

    private void Follow(long now, in RoutingEvent happened)
    {
        switch (happened.Kind)
        {
            case RoutingEventKind.Arrived:
                Require(!_open.ContainsKey(happened.Ticket), $"request {happened.Ticket} came twice");
                var clock = new PhaseClock();
                clock.Start(now);
                clock.Enter(Phase.Queue, now);
                _open[happened.Ticket] = clock;
                break;
            case RoutingEventKind.AttemptFailed:
                Failures++;
                Enter(now, happened.Ticket, Phase.Queue);
                break;
        }
    }

    private void Follow(long now, in RoutingCommand command)
    {
        Fold((long)command.Kind << 48 | (long)command.Instance << 32 | (long)command.Ticket);
        Fold((long)command.Slot << 32 | (long)command.Attempt);
        Fold(command.At ^ (long)command.Reason << 56 ^ (long)command.RetryAfterSeconds << 40);
        if (command.Kind != RoutingCommandKind.Lease)
            return;
        Leases++;
        Enter(now, command.Ticket, Phase.Connect);
    }

    // What is abandoned has ended, and what becomes of its work is no phase of it.
    private void Enter(long now, int ticket, Phase phase)
    {
        if (!_open.TryGetValue(ticket, out var clock))
            return;
        clock.Enter(phase, now);
        _open[ticket] = clock;
    }

    private void Fold(long part) => Hash = (Hash ^ (ulong)part) * FnvPrime;

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new CheckException(FaultKind.Correctness, otherwise);
    }
}
