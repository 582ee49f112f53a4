using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>
/// Makes requests of a replay's records, and gives them in the order of their arrival: one goes when it and all before
/// it have ended and given their slots back.
/// </summary>
internal sealed class TraceAssembler
{
    /// <summary>So many may be kept back by one that does not end (an event stream of hours); then it goes without.
    /// </summary>
    private const int KeptMax = 1_000_000;

    private readonly Queue<TraceRequest> _line = new();
    private readonly Dictionary<int, TraceRequest> _ofTicket = [];
    private readonly Dictionary<(int Instance, int Slot), TraceRequest> _holders = [];

    /// <summary>Slots held now, and the most at once.</summary>
    public int Held => _holders.Count;

    public int HeldMost { get; private set; }

    /// <summary>All slots' time of holding so far, microseconds.</summary>
    public double HeldMicros { get; private set; }

    public void Take(RecordReader record, CommandBuffer commands)
    {
        if (record.Kind == RecordKind.Ended)
            End(record.Ended);
        if (!record.IsEvent)
            return;
        Take(record.Now, record.Event);
        for (var index = 0; index < commands.Count; index++)
            Take(record.Now, commands[index]);
    }

    /// <summary>The next that is whole.</summary>
    public bool TryNext(out TraceRequest request)
    {
        if (_line.TryPeek(out request!) && (request.IsWhole || _line.Count > KeptMax))
        {
            _line.Dequeue();
            return true;
        }

        return false;
    }

    private void Take(long now, in RoutingEvent happened)
    {
        switch (happened.Kind)
        {
            case RoutingEventKind.Arrived:
                var request = new TraceRequest
                {
                    Arrived = now,
                    Want = happened.Want,
                    IsIdempotent = happened.IsIdempotent,
                    BytesHeld = happened.BytesHeld,
                    Client = happened.Client,
                };
                _line.Enqueue(request);
                _ofTicket[happened.Ticket] = request;
                break;
            case RoutingEventKind.ResponseEnded or RoutingEventKind.AttemptFailed or RoutingEventKind.Upgraded:
                if (!_holders.Remove((happened.Instance, happened.Slot), out var holder))
                    break;
                holder.IsHeld = false;
                holder.Hold = now - holder.Leased;
                HeldMicros += holder.Hold;
                break;
        }
    }

    private void Take(long now, in RoutingCommand command)
    {
        if (!_ofTicket.TryGetValue(command.Ticket, out var request))
            return;
        switch (command.Kind)
        {
            case RoutingCommandKind.Lease:
                request.Leased = now;
                request.IsWithoutSlot = command.Slot < 0;
                if (command.Slot < 0)
                    break;
                request.IsHeld = true;
                _holders[(command.Instance, command.Slot)] = request;
                HeldMost = Math.Max(HeldMost, _holders.Count);
                break;
            case RoutingCommandKind.Shed:
                request.Shed = command.Reason;
                break;
            case RoutingCommandKind.Cancel:
                request.Gone = now;
                break;
        }
    }

    private void End(in EndedRecord ended)
    {
        // One that never asked for a lease has none of the router's time.
        if (!_ofTicket.Remove(ended.Ticket, out var request))
            return;
        request.Outcome = ended.Outcome;
        request.Route = ended.Route;
        request.HasEnded = true;
    }
}
