using System.Text.Json.Serialization;
using Weir.Core.Pooling.Sizing;
using Weir.Pooling;

namespace Weir.Control;

/// <summary>One pool of the pooler at one moment.</summary>
internal sealed record PoolSnapshot
{
    /// <summary>"database/user"; "database/user#2" where its URL demands something else.</summary>
    public string Name { get; init; } = "";
    public string Mode { get; init; } = "";

    /// <summary>Server connections that it may have, pinned ones not counted.</summary>
    public int Size { get; init; }
    public int SizeMin { get; init; }

    /// <summary>Server connections beyond its size, for clients that have waited long.</summary>
    public int ReserveSize { get; init; }
    public int Lent { get; init; }
    public int Idle { get; init; }
    public int Pinned { get; init; }
    public int Opening { get; init; }
    public int Waiting { get; init; }

    /// <summary>Connections busy at once, on average over the last whole minute.</summary>
    public double Busy { get; init; }

    /// <summary>The size that so much work wants, by Little's law with room for its waves; 0: there was none.</summary>
    public int SizeProposed { get; init; }

    /// <summary>How long the first in its line has waited.</summary>
    public double OldestMs { get; init; }

    /// <summary>Why the last log-in failed; empty since one succeeded.</summary>
    public string LastFailure { get; init; } = "";

    public long Transactions { get; init; }
    public long Queries { get; init; }
    public long Resets { get; init; }
    public long HiddenResets { get; init; }
    public long LoginsFailed { get; init; }
    public long Timeouts { get; init; }

    /// <summary>Where its histograms are; not for /status.</summary>
    [JsonIgnore]
    public PoolCounters? Counters { get; init; }

    public static PoolSnapshot Of(Pool pool, long now)
    {
        var view = pool.View();
        var counters = pool.Counters;
        var period = pool.Period.Last;
        var busy = PoolSizing.Busy(
            period.Transactions / (PoolPeriod.Micros / 1e6),
            period.TransactionMicros / 1e6 / Math.Max(1, period.Transactions));
        return new PoolSnapshot
        {
            Name = pool.Label,
            Mode = pool.Limits.Mode.ToString().ToLowerInvariant(),
            Size = pool.Limits.Lease.SizeMax,
            SizeMin = pool.Limits.Lease.SizeMin,
            ReserveSize = pool.Limits.Lease.ReserveMax,
            Lent = view.Leased,
            Idle = view.Idle,
            Pinned = view.Pinned,
            Opening = view.Opening,
            Waiting = view.Waiting,
            Busy = Math.Round(busy, 2),
            SizeProposed = busy > 0 ? PoolSizing.Of(0, 1, int.MaxValue, busy, 0, 0).Connections : 0,
            OldestMs = view.OldestSince == long.MaxValue ? 0 : Math.Max(0, now - view.OldestSince) / 1e3,
            LastFailure = view.LastFailure?.Message ?? "",
            Transactions = counters.Transactions,
            Queries = counters.Queries,
            Resets = counters.Resets,
            HiddenResets = counters.HiddenResets,
            LoginsFailed = counters.LoginsFailed,
            Timeouts = counters.Timeouts,
            Counters = counters,
        };
    }
}
