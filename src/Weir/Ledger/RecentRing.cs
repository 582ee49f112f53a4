namespace Weir.Ledger;

/// <summary>
/// The last records, in places made beforehand.
/// Invariant: a place's version is odd while its one writer fills it and even otherwise, and grows with each fill; a
/// writer takes a place by making its version odd with one compare-and-set, and a writer that finds it odd (a whole lap
/// behind) gives its record up. A reader keeps what it copied only where the version was even and the same before and
/// after.
/// </summary>
internal sealed class RecentRing
{
    public const int MethodBytesMax = 16;
    public const int HostBytesMax = 96;
    public const int RequestIdBytesMax = 64;
    public const int PathBytesMax = 256;
    private const int TextBytes = MethodBytesMax + HostBytesMax + RequestIdBytesMax + PathBytesMax;

    private readonly RecentRecord[] _records;
    private readonly byte[] _text;
    private readonly int[] _versions;
    private long _next = -1;

    /// <param name="recordsMax">How many records are kept; at least 1.</param>
    public RecentRing(int recordsMax)
    {
        recordsMax = Math.Max(1, recordsMax);
        _records = new RecentRecord[recordsMax];
        _text = new byte[recordsMax * TextBytes];
        _versions = new int[recordsMax];
    }

    public delegate void Reader(in RecentRecord record, in RecentText text);

    /// <summary>Keeps one exchange; never waits.</summary>
    public void Add(in LedgerEntry entry)
    {
        var place = (int)((ulong)Interlocked.Increment(ref _next) % (ulong)_records.Length);
        ref var version = ref _versions[place];
        var before = Volatile.Read(ref version);
        if ((before & 1) != 0 || Interlocked.CompareExchange(ref version, before + 1, before) != before)
            return;
        Fill(ref _records[place], _text.AsSpan(place * TextBytes, TextBytes), entry);
        Volatile.Write(ref version, before + 2);
    }

    /// <summary>Shows the records that are whole, oldest first; those being written meanwhile are left out.</summary>
    public void Read(Reader reader)
    {
        var last = Volatile.Read(ref _next);
        var text = new byte[TextBytes];
        for (var at = Math.Max(0, last - _records.Length + 1); at <= last; at++)
        {
            var place = (int)(at % _records.Length);
            var before = Volatile.Read(ref _versions[place]);
            if ((before & 1) != 0 || before == 0)
                continue;
            var record = _records[place];
            _text.AsSpan(place * TextBytes, TextBytes).CopyTo(text);
            Interlocked.MemoryBarrier();
            if (Volatile.Read(ref _versions[place]) == before)
                reader(record, TextOf(record, text));
        }
    }

    private static RecentText TextOf(in RecentRecord record, ReadOnlySpan<byte> text) => new()
    {
        Method = text[..record.MethodLength],
        Host = text.Slice(MethodBytesMax, record.HostLength),
        RequestId = text.Slice(MethodBytesMax + HostBytesMax, record.RequestIdLength),
        Path = text.Slice(MethodBytesMax + HostBytesMax + RequestIdBytesMax, record.PathLength),
    };

    private static void Fill(ref RecentRecord record, Span<byte> text, in LedgerEntry entry)
    {
        record.Id = entry.Id;
        record.ArrivedUnixMicros = entry.ArrivedUnixMicros;
        record.Times = entry.Times;
        record.Outcome = entry.Outcome;
        record.Rule = entry.Rule;
        record.LastPhase = entry.LastPhase;
        record.Protocol = entry.Protocol;
        record.Tls = entry.Tls;
        record.Status = (short)entry.Status;
        record.App = entry.App;
        record.Instance = entry.Instance;
        record.Slot = entry.Slot;
        record.SlotsLeased = entry.SlotsLeased;
        record.SlotsTotal = entry.SlotsTotal;
        record.QueuePosition = entry.QueuePosition;
        record.QueueLength = entry.QueueLength;
        record.Tries = entry.Tries;
        record.RequestBytes = entry.RequestBytes;
        record.ResponseBytes = entry.ResponseBytes;
        record.EdgeMicros = entry.EdgeMicros;
        record.FirstByteMicros = entry.FirstByteMicros;
        record.WorkerMicros = entry.WorkerMicros;
        record.HeldByClient = entry.HeldByClient;
        record.Spilled = entry.Spilled;
        record.Streamed = entry.Streamed;
        record.Bypassed = entry.Bypassed;
        record.MethodLength = (byte)Copy(entry.Method, text, MethodBytesMax);
        text = text[MethodBytesMax..];
        record.HostLength = (byte)Copy(entry.Host, text, HostBytesMax);
        text = text[HostBytesMax..];
        record.RequestIdLength = (byte)Copy(entry.RequestId, text, RequestIdBytesMax);
        record.PathLength = (short)Copy(entry.Path, text[RequestIdBytesMax..], PathBytesMax);
    }

    private static int Copy(ReadOnlySpan<byte> from, Span<byte> to, int max)
    {
        var length = Math.Min(from.Length, max);
        from[..length].CopyTo(to);
        return length;
    }
}
