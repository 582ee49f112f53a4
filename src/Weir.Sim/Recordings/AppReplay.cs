using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>
/// One app of a recording, taken again through the router: every command must come as it came then, bit for bit.
/// </summary>
internal sealed class AppReplay
{
    private ulong _hash = CommandHash.Empty;

    public AppRouter Router { get; } = new();

    /// <summary>Those of the last event.</summary>
    public CommandBuffer Commands { get; } = new();

    public long Events { get; private set; }

    public long CommandCount { get; private set; }

    /// <summary>Where a command differed first; null where none did.</summary>
    public string? Difference { get; private set; }

    /// <summary>Where the router's chance was when the recording began.</summary>
    public ulong FirstChance { get; private set; }

    public RecordingEnd End { get; private set; }

    public long FirstAt { get; private set; } = -1;

    public long LastAt { get; private set; }

    /// <summary>Takes the next record; its commands, if it is an event, are in Commands.</summary>
    public void Take(RecordReader record)
    {
        Commands.Clear();
        LastAt = Math.Max(LastAt, record.Now);
        switch (record.Kind)
        {
            case RecordKind.Snapshot:
                FirstAt = LastAt = record.Now;
                _hash = CommandHash.Empty;
                Router.Pass(new StateBytes(record.State.Span));
                FirstChance = Router.ChanceState;
                break;
            case RecordKind.Options:
                Router.Options = RoutingOptions.Pass(new StateBytes(record.State.Span), Router.Options);
                break;
            case RecordKind.Checkpoint:
                Compare(record.Hash == _hash, record.Now);
                break;
            case RecordKind.End:
                End = record.End;
                break;
            case < RecordKind.Snapshot:
                Router.Step(record.Now, record.Event, Commands);
                _hash = CommandHash.Fold(_hash, Commands);
                Events++;
                CommandCount += Commands.Count;
                Compare((byte)_hash == record.HashByte, record.Now);
                break;
        }
    }

    private void Compare(bool isSame, long now)
    {
        if (!isSame)
            Difference ??= FormattableString.Invariant($"event {Events}, {(now - FirstAt) / 1e6:0.000000} s");
    }
}
