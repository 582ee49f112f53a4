using Weir.Core.Ledger;

namespace Weir.Sim.Recordings;

/// <summary>What a recording keeps of an exchange that ended. Times in microseconds.</summary>
internal struct EndedRecord
{
    public int Ticket;
    public Outcome Outcome;
    public int Status;

    /// <summary>Number of its route within its app.</summary>
    public int Route;
    public long RequestBytes;
    public long ResponseBytes;
    public long Receive;
    public long Queue;
    public long Total;
}
