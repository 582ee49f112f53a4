using Weir.Beat;
using Weir.Core.Processes;

namespace Weir.Processes;

// What is written down for the next Weir of this folder, and what the last one left.
internal sealed partial class Runner
{
    private IReadOnlyList<InstanceRecord> _written = [];

    /// <summary>
    /// Takes over what the last Weir here left running and wanted to outlive it, and ends the rest. Before
    /// <see cref="Start"/>, and within a second.
    /// </summary>
    public async Task TakeOverAsync()
    {
        var wanted = _plan.Types
            .SelectMany(type => Enumerable.Range(1, Wanted(type))
                .Select(number => new WantedInstance(type.Name, number, LineOf(type))))
            .ToList();
        var adopted = new List<InstanceRecord>();
        foreach (var (instance, fate) in _parts.State.Decide(wanted))
        {
            if (fate == Fate.Adopt && TryAdopt(instance, Clock.Now))
                adopted.Add(instance);
        }

        await _parts.State.EndLeftoversAsync(adopted).ConfigureAwait(false);
    }

    private static string LineOf(ProcessType type) => RunState.HashOf(type.Words);

    private bool TryAdopt(InstanceRecord record, long now)
    {
        var type = _plan.Types.First(one => one.Name == record.Type);
        if (AdoptedChild.Take(record.Identity, record.Name) is not { } child)
            return false;
        const string unix = "unix:";
        var isSocket = record.Address.StartsWith(unix, StringComparison.Ordinal);
        var path = isSocket ? record.Address[unix.Length..] : "";
        var launch = new InstanceLaunch(
            new ProcessStart(type.Words, _plan.Environment), record.Port, path,
            record.Port > 0 ? _parts.Hold(record.Port) : null);
        var seat = new InstanceSeat(record.Type, record.Number);
        var instance = InstanceProcess.Adopt(seat.Name, type, launch, child, LimitsOf(type), now,
            new SlotFinding(record.IsAsync ? 0 : record.Slots, 1, "", "as the last Weir here had it"));
        seat.Current = instance;
        _seats.Add(seat);
        Keep(seat, instance);
        TakeReady(seat, instance, record.Address);
        return true;
    }

    /// <summary>Writes only where something has changed: an instance came, became ready, or went.</summary>
    private void WriteDown()
    {
        var records = _seats
            .SelectMany(seat => new[] { (Seat: seat, Instance: seat.Current), (Seat: seat, Instance: seat.Next) })
            .Where(one => one.Instance is { Life.IsOver: false })
            .Select(one => RecordOf(one.Seat, one.Instance!))
            .Concat(_instances
                .Where(one => !one.Life.IsOver && !_seats.Exists(seat => seat.Current == one || seat.Next == one))
                .Select(one => RecordOf(null, one)))
            .ToList();
        if (records.SequenceEqual(_written))
            return;
        _written = records;
        _parts.State.Write(records);
    }

    /// <param name="seat">Null for one that leaves: nobody is to adopt it.</param>
    private static InstanceRecord RecordOf(InstanceSeat? seat, InstanceProcess instance) => new()
    {
        Type = instance.Type.Name,
        Number = seat?.Number ?? 0,
        Id = instance.Child.Id,
        StartTicks = instance.Identity.StartTicks,
        Port = instance.Launch.Port,
        // What is not in service yet, or leaves, has no address: it is ended, not adopted.
        Address = instance.Life.State == LifeState.Serving ? instance.Address : "",
        Line = LineOf(instance.Type),
        Slots = instance.Slots.Slots,
        IsAsync = instance.Slots.IsAsync,
    };
}
