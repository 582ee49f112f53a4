using Weir.Core.Routing;

namespace Weir.Sim;

/// <summary>Where a request is.</summary>
internal enum RequestPlace : byte
{
    /// <summary>Nowhere yet (the client sends it, or backs off), or nowhere any more.</summary>
    Away,

    /// <summary>In its router's queue.</summary>
    Queue,

    /// <summary>Leased and on its way to the instance, or knocking at a full accept queue.</summary>
    Connect,

    /// <summary>In the instance's accept queue.</summary>
    Accepted,

    /// <summary>A worker works on it.</summary>
    Work,

    /// <summary>Answered, and its router has not heard it yet.</summary>
    Answered,
}

/// <summary>One request under way. Times in microseconds.</summary>
internal struct SimRequest
{
    /// <summary>When its client began to send it.</summary>
    public long Asked;

    /// <summary>When it was whole and came to its router.</summary>
    public long Arrived;

    /// <summary>What a worker needs for it, alone on its machine.</summary>
    public long Service;
    public long Upload;
    public long Leased;
    public long Started;
    public long BytesHeld;
    public ulong Client;
    public int Router;
    public int Route;
    public int Attempt;
    public int Instance;
    public int Slot;
    public int Tries;

    /// <summary>How often its client had asked before.</summary>
    public int Retry;

    /// <summary>Whose events these are: the exchange's, and the try's.</summary>
    public int Life;
    public int Work;

    /// <summary>Connection attempts at a full accept queue so far.</summary>
    public int Knocks;
    public RequestPlace Place;
    public bool IsIdempotent;

    /// <summary>The exchange is over for its client; a worker may still be at it.</summary>
    public bool IsEnded;

    /// <summary>How this try fails; no stage at all where it does not.</summary>
    public FailureStage Failure;
}
