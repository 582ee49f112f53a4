using static Weir.Core.Ledger.OutcomeLevel;

namespace Weir.Ledger;

/// <summary>
/// Every line that Weir writes of itself. Ids: 100 house, 200 edge, 300 routing, 400 upstream, 500 spill, 600
/// control, 700 processes.
/// </summary>
internal static class HouseMessages
{
    public static readonly HouseMessage Started = new(100, Info, "started");
    public static readonly HouseMessage Stopping = new(101, Info, "stopping");
    public static readonly HouseMessage Stopped = new(102, Info, "stopped");
    public static readonly HouseMessage StopCut = new(103, Warning,
        "shutdown deadline reached, cutting what still runs");
    public static readonly HouseMessage Reloaded = new(104, Info, "configuration reloaded");
    public static readonly HouseMessage ReloadFailed = new(105, Error, "configuration not reloaded, the old one stays");
    public static readonly HouseMessage BypassOn = new(106, Warning, "part switched off");
    public static readonly HouseMessage BypassOff = new(107, Info, "part switched on again");
    public static readonly HouseMessage Bug = new(108, Error, "a fault of Weir's own, the exchange was given up");

    public static readonly HouseMessage Recording = new(109, Info, "recording every routing step");
    public static readonly HouseMessage RecordingOver = new(110, Warning, "the recording ended before Weir did");

    public static readonly HouseMessage Listening = new(200, Info, "listening");
    public static readonly HouseMessage CertificateReloaded = new(201, Info, "certificate reloaded");
    public static readonly HouseMessage CertificateFailed = new(202, Error,
        "certificate not reloaded, the old one stays");
    public static readonly HouseMessage GateReport = new(203, Warning, "a request passed that the gate would refuse");

    public static readonly HouseMessage Paused = new(300, Info, "paused, requests are held in the queue");
    public static readonly HouseMessage Resumed = new(301, Info, "resumed");
    public static readonly HouseMessage QueueFull = new(302, Warning, "queue full, shedding");
    public static readonly HouseMessage QueueOpen = new(303, Info, "queue has room again");
    public static readonly HouseMessage AllStuck = new(304, Error, "every slot is stuck");

    public static readonly HouseMessage InstanceUp = new(400, Info, "instance up");
    public static readonly HouseMessage InstanceDown = new(401, Warning, "instance down");
    public static readonly HouseMessage InstanceDraining = new(402, Info, "instance draining");
    public static readonly HouseMessage InstanceQuarantined = new(403, Warning, "instance refuses, quarantined");
    public static readonly HouseMessage SlotAbandoned = new(404, Warning, "slot abandoned, the worker still works");
    public static readonly HouseMessage SlotLost = new(405, Error, "slot lost, the worker has not answered");
    public static readonly HouseMessage SlotBack = new(406, Info, "slot back, the worker answered");

    public static readonly HouseMessage SpillOnTmpfs = new(500, Warning, "spill directory is in memory (tmpfs)");
    public static readonly HouseMessage SpillFailed = new(501, Error, "spill file failed");

    public static readonly HouseMessage AdminListening = new(600, Info, "admin listening");
    public static readonly HouseMessage AdminFailed = new(601, Error, "admin API not started");
    public static readonly HouseMessage AdminActed = new(602, Info, "admin act");
    public static readonly HouseMessage DumpWritten = new(603, Info, "dump written");

    public static readonly HouseMessage ChildStarted = new(700, Info, "instance starts");
    public static readonly HouseMessage ChildReady = new(701, Info, "instance ready");
    public static readonly HouseMessage ChildCrashed = new(702, Warning, "instance ended unasked");
    public static readonly HouseMessage CrashLoop = new(703, Error, "instance crashes again and again");
    public static readonly HouseMessage ChildEnded = new(704, Info, "instance ended");
    public static readonly HouseMessage ChildElsewhere = new(705, Warning,
        "instance listens, but not where it was told to");
    public static readonly HouseMessage RestartBegan = new(706, Info, "restart, a new set starts");
    public static readonly HouseMessage Restarted = new(707, Info, "restarted");
    public static readonly HouseMessage RestartFailed = new(708, Error, "restart given up, the old set serves on");
    public static readonly HouseMessage Scaled = new(709, Info, "scaled");
    public static readonly HouseMessage RecycleBegan = new(710, Info, "recycling, a new instance starts");
    public static readonly HouseMessage Recycled = new(711, Info, "recycled");
    public static readonly HouseMessage SlotsCounted = new(713, Info, "slots counted");
    public static readonly HouseMessage SlotsTooMany = new(714, Error, "TOO MANY SLOTS, requests waited in the app");
    public static readonly HouseMessage SlotsTooFew = new(715, Warning, "TOO FEW SLOTS, workers idle");
    public static readonly HouseMessage RecycleFailed = new(712, Error, "not recycled, the old instance serves on");

    public static readonly HouseMessage WarmOverBudget = new(311, Warning,
        "warming comes less often: it would take more of a worker than cache.warm-budget");

    public static readonly HouseMessage WarmFailed = new(312, Warning, "warming: some answers could not be stored");

    public static readonly HouseMessage Purged = new(310, Info, "stored answers purged");

    public static readonly HouseMessage SharedUp = new(330, Info, "shared tier of the cache reached");
    public static readonly HouseMessage SharedLost = new(331, Warning,
        "shared tier of the cache lost, answers come from this node alone");
    public static readonly HouseMessage SharedUnheard = new(332, Warning,
        "Redis sends no messages (no RESP3), other nodes' purges are known seconds later");
    public static readonly HouseMessage SharedBegun = new(333, Info, "Redis had no count of purges, a new one begins");
    public static readonly HouseMessage SharedUnsure = new(334, Warning,
        "purges may have been missed, all stored answers count as stale");

    public static readonly HouseMessage PoolLoginFailed = new(800, Warning, "PostgreSQL log-in failed");
    public static readonly HouseMessage PoolPinIdle = new(801, Warning, "pinned session idle");
    public static readonly HouseMessage PoolStateLost = new(802, Warning, "session's settings refused, session ended");
    public static readonly HouseMessage PoolCatalogueUnread = new(803, Warning,
        "catalogue not read, every statement is reset after");
    public static readonly HouseMessage PoolFileUnread = new(804, Error, "pooler file not read, the old one stays");
}
