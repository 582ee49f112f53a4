using Weir.Core.Routing;

namespace Weir.Sim.Check;

// What one router may do, told from the outside: it sees events and commands, keeps its own plain books of them, and
// asks after each step
//
//   that no slot was leased that is held, or beyond what its instance has, or on an instance that takes none;
//   that no slot is free while somebody waits who could have it;
//   that nobody was overtaken by a younger one;
//   that the queue is no longer, and nobody in it older, than the bounds allow, and nobody was shed before;
//   that what the router says of itself is what these books say.
//
// Order and idle slots are promised under the central policy alone: the others bind a request to one instance on
// arrival, which is what is wrong with them.

/// <summary>Looks at every step of one router; throws where something that must hold does not.</summary>
internal sealed class RouterChecker(AppRouter router)
{
    private readonly List<Waiter> _line = [];
    private readonly Dictionary<int, Waiter> _leased = [];
    private readonly Dictionary<(int Instance, int Slot), (int Ticket, int Attempt)> _held = [];
    private readonly List<(int Count, int Backlog, bool IsUsable)> _instances = [];
    private long _now;
    private long _clock;
    private long _order;
    private int _booting;

    /// <summary>Leases that are out, abandoned ones included.</summary>
    public int Held => _held.Count;

    public int Waiting => _line.Count;

    private RoutingOptions Options => router.Options;

    private bool IsCentral => Options.Policy == RoutingPolicy.Central;

    private bool HasUsable => _instances.Exists(instance => instance.IsUsable);

    /// <exception cref="CheckException">Something that must hold does not.</exception>
    public void Stepped(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        if (_booting == 0 || HasUsable)
            _clock += now - _now;
        _now = now;
        Take(happened);
        for (var index = 0; index < commands.Count; index++)
            Judge(commands[index], happened);
        JudgeRest();
    }

    private void Take(in RoutingEvent happened)
    {
        switch (happened.Kind)
        {
            case RoutingEventKind.Arrived:
                _line.Add(new Waiter
                {
                    Ticket = happened.Ticket,
                    Arrived = _now,
                    Order = _order++,
                    Since = _clock,
                });
                break;
            case RoutingEventKind.ResponseEnded or RoutingEventKind.AttemptFailed:
                GiveBack(happened);
                break;
            case RoutingEventKind.Abandoned:
                _leased.Remove(happened.Ticket);
                break;
            case RoutingEventKind.InstanceUp:
                while (_instances.Count <= happened.Instance)
                    _instances.Add(default);
                _instances[happened.Instance] = (happened.Count, happened.Backlog, true);
                break;
            case RoutingEventKind.InstanceDown or RoutingEventKind.InstanceDraining:
                // One that booted from the beginning was never known.
                if (happened.Instance < _instances.Count)
                    _instances[happened.Instance] = _instances[happened.Instance] with { IsUsable = false };
                break;
            case RoutingEventKind.Booting:
                _booting = happened.Count;
                break;
        }
    }

    private void GiveBack(in RoutingEvent happened)
    {
        var place = (happened.Instance, happened.Slot);
        Require(_held.Remove(place, out var holder) && holder == (happened.Ticket, happened.Attempt),
            $"request {happened.Ticket} gave back slot {place} that it does not hold");
        if (!_leased.Remove(happened.Ticket, out var waiter))
            return;
        if (happened.Kind == RoutingEventKind.ResponseEnded || happened.Stage == FailureStage.Final)
            return;
        if (happened.Stage != FailureStage.StaleConnection || waiter.IsStaleSpent)
            waiter.Tried |= 1UL << (happened.Instance & 63);
        waiter.IsStaleSpent |= happened.Stage == FailureStage.StaleConnection;
        waiter.IsAgain = true;
        var place2 = _line.FindIndex(other => waiter.IsBefore(other));
        _line.Insert(place2 < 0 ? _line.Count : place2, waiter);
    }

    private void Judge(in RoutingCommand command, in RoutingEvent cause)
    {
        if (command.Kind == RoutingCommandKind.SetTimer)
            return;
        var ticket = command.Ticket;
        var waiter = _line.Find(one => one.Ticket == ticket);
        Require(waiter is not null, $"{command.Kind} of request {ticket}, which asks for nothing");
        switch (command.Kind)
        {
            case RoutingCommandKind.Lease:
                JudgeLease(command, waiter!);
                break;
            case RoutingCommandKind.Shed:
                JudgeShed(command.Reason, waiter!);
                break;
            default:
                Require(cause.Kind == RoutingEventKind.ClientGone && cause.Ticket == ticket,
                    $"request {ticket} was cancelled and its client had not gone");
                break;
        }

        _line.Remove(waiter!);
    }

    private void JudgeLease(in RoutingCommand lease, Waiter waiter)
    {
        var place = (lease.Instance, lease.Slot);
        Require(!_held.ContainsKey(place), $"slot {place} was leased twice");
        Require((uint)lease.Instance < (uint)_instances.Count && IsOpen(lease.Instance),
            $"instance {lease.Instance} takes no leases");
        var (count, backlog, _) = _instances[lease.Instance];
        Require(CountHeld(lease.Instance) < count + backlog, $"instance {lease.Instance} has no slot left");
        Require(IsEligible(waiter, lease.Instance), $"request {waiter.Ticket} was sent where it failed before");
        if (IsCentral)
        {
            var instance = lease.Instance;
            var older = _line.Find(other => other.IsBefore(waiter) && IsEligible(other, instance));
            Require(older is null, $"request {waiter.Ticket} overtook request {older?.Ticket}");
        }

        _held.Add(place, (lease.Ticket, lease.Attempt));
        _leased[waiter.Ticket] = waiter;
    }

    private void JudgeShed(ShedReason reason, Waiter waiter)
    {
        switch (reason)
        {
            case ShedReason.QueueFull:
                Require(_line.Count - 1 >= Options.QueueLengthMax, "shed for a full queue that is not full");
                break;
            case ShedReason.QueueTimeout:
                Require(_clock - waiter.Since >= Options.QueueWaitMax, "shed before its time");
                break;
            case ShedReason.NoInstance:
                Require(!HasUsable, "shed for want of an instance while there is one");
                break;
        }
    }

    private void JudgeRest()
    {
        Require(router.QueueLength == _line.Count, $"{_line.Count} wait, and the router says {router.QueueLength}");
        Require(router.InFlight == _held.Count, $"{_held.Count} leases, and the router says {router.InFlight}");
        if (_line.Count == 0)
            return;
        var fresh = _line.FindAll(waiter => !waiter.IsAgain);
        Require(Options.QueueLengthMax == 0 || fresh.Count <= Options.QueueLengthMax, "the queue is too long");
        Require(fresh.TrueForAll(waiter => _clock - waiter.Since <= Options.QueueWaitMax), "one waits for too long");
        for (var index = 0; IsCentral && index < _instances.Count; index++)
        {
            if (!IsOpen(index) || CountHeld(index) >= _instances[index].Count)
                continue;
            var idle = index;
            var waiter = _line.Find(one => IsEligible(one, idle));
            Require(waiter is null, $"instance {index} has a free slot and request {waiter?.Ticket} waits");
        }
    }

    // How long a rest is has tests of its own; that there is one is the router's word.
    private bool IsOpen(int index) =>
        _instances[index].IsUsable && router.Instance(index).QuarantinedUntil == 0;

    private bool IsEligible(Waiter waiter, int index)
    {
        if ((waiter.Tried & 1UL << (index & 63)) == 0)
            return true;
        for (var other = 0; other < _instances.Count; other++)
        {
            if (IsOpen(other) && (waiter.Tried & 1UL << (other & 63)) == 0)
                return false;
        }

        return true;
    }

    private int CountHeld(int index)
    {
        var count = 0;
        foreach (var place in _held.Keys)
            count += place.Instance == index ? 1 : 0;
        return count;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new CheckException(FaultKind.Correctness, otherwise);
    }
}
