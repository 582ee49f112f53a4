using Weir.Core.Http;
using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>What is kept of one exchange after it has ended. Text is in the ring, cut to its place there.</summary>
internal struct RecentRecord
{
    public long Id;
    public long ArrivedUnixMicros;
    public PhaseTimes Times;
    public Outcome Outcome;
    public GateRule Rule;
    public Phase LastPhase;
    public ProtocolVersion Protocol;
    public TlsVersion Tls;
    public short Status;
    public byte MethodLength;
    public byte HostLength;
    public byte RequestIdLength;
    public short PathLength;
    public string? App;
    public string? Instance;
    public int Slot;
    public int SlotsLeased;
    public int SlotsTotal;
    public int QueuePosition;
    public int QueueLength;
    public int Tries;
    public long RequestBytes;
    public long ResponseBytes;
    public long EdgeMicros;
    public long FirstByteMicros;
    public long WorkerMicros;
    public bool HeldByClient;
    public bool Spilled;
    public bool Streamed;
    public bool Bypassed;
}
