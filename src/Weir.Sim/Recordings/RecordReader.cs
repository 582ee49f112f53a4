using System.Text;
using Weir.Core.Ledger;
using Weir.Core.Routing;

namespace Weir.Sim.Recordings;

/// <summary>Reads the records of a block, one after the other; what they hold stands in its fields.</summary>
internal sealed class RecordReader
{
    private ReadOnlyMemory<byte> _bytes;
    private int _at;

    public RecordKind Kind { get; private set; }

    /// <summary>Microseconds on the recorder's clock.</summary>
    public long Now { get; private set; }

    public RoutingEvent Event { get; private set; }

    /// <summary>The low byte of the number of all commands.</summary>
    public byte HashByte { get; private set; }
    public ulong Hash { get; private set; }
    public EndedRecord Ended { get; private set; }
    public int Route { get; private set; }
    public string RouteName { get; private set; } = "";
    public RecordingEnd End { get; private set; }

    /// <summary>A snapshot's, or the options'.</summary>
    public ReadOnlyMemory<byte> State { get; private set; }

    public bool IsEvent => Kind < RecordKind.Snapshot;

    public void Use(ReadOnlyMemory<byte> block) => (_bytes, _at) = (block, 0);

    /// <summary>False at the block's end.</summary>
    /// <exception cref="FormatException">It is damaged.</exception>
    public bool TryNext()
    {
        if (_at >= _bytes.Length)
            return false;
        Kind = (RecordKind)Byte();
        var time = (long)Number();
        // A snapshot tells the time itself; all others what has passed.
        Now = Kind == RecordKind.Snapshot ? time : Now + time;
        switch (Kind)
        {
            case RecordKind.Snapshot or RecordKind.Options:
                State = Bytes();
                break;
            case RecordKind.Ended:
                Ended = ReadEnded();
                break;
            case RecordKind.Route:
                Route = (int)Number();
                RouteName = Encoding.UTF8.GetString(Bytes().Span);
                break;
            case RecordKind.Checkpoint:
                Hash = BitConverter.ToUInt64(Take(sizeof(ulong)).Span);
                break;
            case RecordKind.End:
                End = (RecordingEnd)Byte();
                break;
            case < RecordKind.Snapshot:
                Event = ReadEvent((RoutingEventKind)Kind);
                HashByte = Byte();
                break;
            default:
                throw Damaged();
        }

        return true;
    }

    private RoutingEvent ReadEvent(RoutingEventKind kind)
    {
        var happened = new RoutingEvent { Kind = kind };
        switch (kind)
        {
            case RoutingEventKind.Arrived:
                var flags = Byte();
                happened.Want = (LeaseKind)(flags & 3);
                happened.IsIdempotent = (flags & 4) != 0;
                happened.Ticket = (int)Number();
                happened.BytesHeld = (long)Number();
                happened.Client = Number();
                break;
            case RoutingEventKind.ClientGone:
                happened.Ticket = (int)Number();
                break;
            case RoutingEventKind.InstanceUp:
                happened.Instance = (int)Number();
                happened.Count = (int)Number();
                happened.Backlog = (int)Number();
                break;
            case RoutingEventKind.InstanceDown or RoutingEventKind.InstanceDraining:
                happened.Instance = (int)Number();
                break;
            case RoutingEventKind.Booting:
                happened.Count = (int)Number();
                break;
            case RoutingEventKind.TimerFired or RoutingEventKind.ConfigChanged or RoutingEventKind.Paused
                or RoutingEventKind.Resumed:
                break;
            default:
                happened.Ticket = (int)Number();
                happened.Attempt = (int)Number();
                happened.Instance = (int)Number();
                happened.Slot = (int)Number() - 1;
                if (kind == RoutingEventKind.AttemptFailed)
                    happened.Stage = (FailureStage)Byte();
                break;
        }

        return happened;
    }

    private EndedRecord ReadEnded() => new()
    {
        Ticket = (int)Number(),
        Outcome = (Outcome)Byte(),
        Status = (int)Number(),
        Route = (int)Number(),
        RequestBytes = (long)Number(),
        ResponseBytes = (long)Number(),
        Receive = (long)Number(),
        Queue = (long)Number(),
        Total = (long)Number(),
    };

    private ReadOnlyMemory<byte> Bytes() => Take((int)Math.Min(int.MaxValue, Number()));

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > _bytes.Length - _at)
            throw Damaged();
        _at += length;
        return _bytes.Slice(_at - length, length);
    }

    private byte Byte() => _at < _bytes.Length ? _bytes.Span[_at++] : throw Damaged();

    private ulong Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw Damaged();
    }

    private static FormatException Damaged() => new("the recording is damaged");
}
