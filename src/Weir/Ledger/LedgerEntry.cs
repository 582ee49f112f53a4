using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;
using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// All that is known of one exchange at its end, handed to <see cref="ExchangeLedger.Write"/> once. The spans point
/// into the exchange's own buffers and are valid during the call only; what the ledger keeps, it copies.
/// </summary>
internal ref struct LedgerEntry
{
    public long Id;

    /// <summary>Wall clock at arrival, microseconds since 1970.</summary>
    public long ArrivedUnixMicros;

    public PhaseTimes Times;
    public Outcome Outcome;

    /// <summary>
    /// The wire rule broken, where Outcome is RefusedByGate, AppMalformed or AppRestriction, or report mode let one
    /// pass.
    /// </summary>
    public GateRule Rule;

    /// <summary>The phase in which the exchange ended.</summary>
    public Phase LastPhase;

    /// <summary>Status the client was sent; 499 where it had gone; 0 where none was sent.</summary>
    public int Status;

    public HttpVerb Verb;
    public ReadOnlySpan<byte> Method;

    /// <summary>Raw path with query.</summary>
    public ReadOnlySpan<byte> Path;
    public ReadOnlySpan<byte> Host;
    public ReadOnlySpan<byte> RequestId;

    /// <summary>The X-Forwarded-For value as sent to the app.</summary>
    public ReadOnlySpan<byte> ForwardedFor;

    /// <summary>Name of the app and of the instance ("web.1"); null where none was chosen.</summary>
    public string? App;
    public string? Instance;

    /// <summary>−1 where no slot was held.</summary>
    public int Slot;
    public int SlotsLeased;
    public int SlotsTotal;

    /// <summary>How many stood before it when it entered the queue; −1 where it never queued.</summary>
    public int QueuePosition;
    public int QueueLength;
    public int Tries;

    /// <summary>Body bytes from the client, and answer body bytes to the client.</summary>
    public long RequestBytes;
    public long ResponseBytes;

    /// <summary>Microseconds from the outer router's X-Request-Start to arrival; −1 where unknown.</summary>
    public long EdgeMicros;

    /// <summary>Microseconds from connected to the app's first answer byte; −1 where none came.</summary>
    public long FirstByteMicros;

    /// <summary>
    /// Microseconds a worker was busy with it, also after the exchange had ended so far as known; the buffering's gain.
    /// </summary>
    public long WorkerMicros;

    public ProtocolVersion Protocol;
    public TlsVersion Tls;

    /// <summary>The answer went past outflow.spill-max, so the client's pace held the worker for a while.</summary>
    public bool HeldByClient;
    public bool Spilled;
    public bool Streamed;

    /// <summary>How it met the cache.</summary>
    public CacheResult Cache;

    /// <summary>Why so; of an answer that was fetched, why it was stored or not.</summary>
    public CacheReason CacheReason;

    /// <summary>Part of Weir switched off by <c>weir bypass</c> when it ended.</summary>
    public bool Bypassed;
}
