using System.Text;
using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

// Writes one app's records into a block that the caller gives, smallest first: a kind, the microseconds since the
// record before, and what is not zero. After an event stands the low byte of a number that folds every command so far,
// and the whole of it in each checkpoint, so that a replay sees the first command that differs, or that none does.
//
// Nothing here waits, allocates or fails: the block must have room for the largest record (RecordBytesMax).

/// <summary>One app's records, made in the order of its steps.</summary>
internal sealed class RecordWriter
{
    /// <summary>No record but a snapshot is longer.</summary>
    public const int RecordBytesMax = 512;
    public const int RouteBytesMax = 300;

    private byte[] _block = [];
    private long _last;

    /// <summary>Bytes of the block that are written.</summary>
    public int Count { get; private set; }

    public ulong Hash { get; private set; } = CommandHash.Empty;

    public bool HasRoom => _block.Length - Count >= RecordBytesMax;

    /// <summary>Goes on in this block; the one before is the caller's.</summary>
    public void Use(byte[] block) => (_block, Count) = (block, 0);

    public static byte[] Snapshot(long now, AppRouter router)
    {
        var state = new StateBytes();
        router.Pass(state);
        var bytes = new byte[state.Written.Length + 32];
        var writer = new RecordWriter();
        writer.Use(bytes);
        writer.Begin(RecordKind.Snapshot, now);
        writer.Number((ulong)state.Written.Length);
        state.Written.CopyTo(bytes.AsSpan(writer.Count));
        return bytes[..(writer.Count + state.Written.Length)];
    }

    /// <summary>The times of later records count from here.</summary>
    public void StartAt(long now) => _last = now;

    public void Event(long now, in RoutingEvent happened, CommandBuffer commands)
    {
        Begin((RecordKind)happened.Kind, now);
        switch (happened.Kind)
        {
            case RoutingEventKind.Arrived:
                Byte((byte)((int)happened.Want | (happened.IsIdempotent ? 4 : 0)));
                Number((ulong)happened.Ticket);
                Number((ulong)happened.BytesHeld);
                Number(happened.Client);
                break;
            case RoutingEventKind.ClientGone:
                Number((ulong)happened.Ticket);
                break;
            case RoutingEventKind.InstanceUp:
                Number((ulong)happened.Instance);
                Number((ulong)happened.Count);
                Number((ulong)happened.Backlog);
                break;
            case RoutingEventKind.InstanceDown or RoutingEventKind.InstanceDraining:
                Number((ulong)happened.Instance);
                break;
            case RoutingEventKind.Booting:
                Number((ulong)happened.Count);
                break;
            case RoutingEventKind.TimerFired or RoutingEventKind.ConfigChanged or RoutingEventKind.Paused
                or RoutingEventKind.Resumed:
                break;
            default:
                Number((ulong)happened.Ticket);
                Number((ulong)happened.Attempt);
                Number((ulong)happened.Instance);
                Number((ulong)(happened.Slot + 1));
                if (happened.Kind == RoutingEventKind.AttemptFailed)
                    Byte((byte)happened.Stage);
                break;
        }

        Hash = CommandHash.Fold(Hash, commands);
        Byte((byte)Hash);
    }

    public void Options(long now, RoutingOptions options)
    {
        var state = new StateBytes();
        RoutingOptions.Pass(state, options);
        Begin(RecordKind.Options, now);
        Bytes(state.Written);
    }

    public void Ended(long now, in EndedRecord ended)
    {
        Begin(RecordKind.Ended, now);
        Number((ulong)ended.Ticket);
        Byte((byte)ended.Outcome);
        Number((ulong)ended.Status);
        Number((ulong)ended.Route);
        Number((ulong)ended.RequestBytes);
        Number((ulong)ended.ResponseBytes);
        Number((ulong)ended.Receive);
        Number((ulong)ended.Queue);
        Number((ulong)ended.Total);
    }

    public void Route(long now, int route, string name)
    {
        Begin(RecordKind.Route, now);
        Number((ulong)route);
        var text = Encoding.UTF8.GetBytes(name);
        Bytes(text.AsSpan(0, Math.Min(text.Length, RouteBytesMax)));
    }

    public void Checkpoint(long now)
    {
        Begin(RecordKind.Checkpoint, now);
        BitConverter.TryWriteBytes(_block.AsSpan(Count), Hash);
        Count += sizeof(ulong);
    }

    public void End(long now, RecordingEnd why)
    {
        Begin(RecordKind.End, now);
        Byte((byte)why);
    }

    private void Begin(RecordKind kind, long now)
    {
        Byte((byte)kind);
        // The first record's time is the whole of it; an end is told on another thread and may look earlier.
        Number((ulong)Math.Max(0, now - _last));
        _last = Math.Max(now, _last);
    }

    private void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        bytes.CopyTo(_block.AsSpan(Count));
        Count += bytes.Length;
    }

    private void Byte(byte value) => _block[Count++] = value;

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _block[Count++] = (byte)(value | 0x80);
        _block[Count++] = (byte)value;
    }
}
