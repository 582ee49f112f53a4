namespace Weir.Core.Routing;

// What status, metrics and dump read, under the same lock.
internal sealed partial class AppRouter
{
    public int QueueLength => _line.Count;

    /// <summary>How long one that came now would wait for a slot, by the pace of late, µs.</summary>
    public long ExpectedWait(long now) =>
        _line.Count == 0 && InFlight < _slotsTotal ? 0 : _drain.MicrosFor(now, _line.Count + 1);

    /// <summary>Memory held by those that wait.</summary>
    public long QueueBytes => _bytesHeld;

    /// <summary>Arrival of the request that has waited longest, µs; −1 where none waits.</summary>
    public long OldestSince => _line.Count == 0 ? -1 : _tickets[_line.Head].Arrived;

    /// <summary>Slots held, abandoned and lost ones included, and leases that bypassed them; tunnels apart.</summary>
    public int InFlight => _leased + _uncounted;

    public bool IsPaused => _isPaused;

    /// <summary>Where its stream of chance is.</summary>
    public ulong ChanceState => _chance.State;

    public int InstanceCount => _instanceCount;

    /// <summary>Instances that are being started and are not in service yet.</summary>
    public int Booting => _booting;

    /// <summary>Slots of the instances that are up.</summary>
    public int SlotsTotal => _slotsTotal;

    public int Streams
    {
        get
        {
            var streams = 0;
            for (var i = 0; i < _instanceCount; i++)
                streams += _instances[i].Slots.Streams;
            return streams;
        }
    }

    /// <summary>One more answer may keep its slot as a stream: all slots but one may.</summary>
    public bool MayOpenStream => Streams < _slotsTotal - 1;

    /// <param name="index">0 … InstanceCount − 1.</param>
    public InstanceView Instance(int index)
    {
        var instance = _instances[index];
        var slots = instance.Slots;
        return new InstanceView(
            slots.Count,
            slots.Backlog,
            Math.Max(0, instance.SlotsOpen - slots.Taken),
            slots.Taken - slots.Abandoned - slots.Lost,
            slots.Abandoned,
            slots.Lost,
            slots.Streams,
            instance.Tunnels,
            instance.Uncounted,
            instance.Line.Count,
            instance.IsDown,
            instance.IsDraining,
            instance.Quarantine.Until);
    }

    /// <summary>Slot numbers of this instance, those of its backlog and retired ones included.</summary>
    public int SlotCapacity(int index) => _instances[index].Slots.Capacity;

    /// <param name="slot">0 … SlotCapacity − 1.</param>
    public SlotView SlotAt(int index, int slot)
    {
        var instance = _instances[index];
        ref readonly var held = ref instance.Slots[slot];
        var isRetired = slot >= instance.Slots.Count + instance.Slots.Backlog;
        var state = held.State <= SlotState.Leased && (instance.IsDraining || isRetired)
            ? SlotState.Draining
            : held.State;
        return new SlotView(state, held.IsStream, held.Ticket, held.Attempt, held.Since);
    }
}
