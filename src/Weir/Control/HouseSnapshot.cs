using System.Text.Json.Serialization;

namespace Weir.Control;

/// <summary>
/// The house at one moment, made on demand and never changed; /status writes it as it is, in camelCase.
/// </summary>
internal sealed record HouseSnapshot
{
    public string Version { get; init; } = "";
    public int Pid { get; init; } = Environment.ProcessId;

    /// <summary>UTC.</summary>
    public DateTimeOffset Started { get; init; }

    /// <summary>When this was taken, UTC.</summary>
    public DateTimeOffset At { get; init; }
    public double UptimeSeconds => Math.Round(Math.Max(0, (At - Started).TotalSeconds), 3);

    /// <summary>Where the front door listens, as URLs.</summary>
    public IReadOnlyList<string> Listen { get; init; } = [];

    /// <summary>Parts switched off with <c>weir bypass</c>.</summary>
    public IReadOnlyList<string> Bypasses { get; init; } = [];

    [JsonPropertyName("paused")]
    public bool IsPaused { get; init; }

    [JsonPropertyName("stopping")]
    public bool IsStopping { get; init; }

    public IReadOnlyList<AppSnapshot> Apps { get; init; } = [];

    /// <summary>What Weir started, of every process type; empty where it stands before servers of others.</summary>
    public IReadOnlyList<ProcessSnapshot> Processes { get; init; } = [];

    /// <summary>Of the pooler; empty where there is none.</summary>
    public IReadOnlyList<PoolSnapshot> Pools { get; init; } = [];

    /// <summary>Of the cache; null where the door has none.</summary>
    public CacheSnapshot? Cache { get; init; }

    public long Connections { get; init; }
    public long ConnectionsAccepted { get; init; }
    public long ActiveRequests { get; init; }
    public long SpillBytes { get; init; }

    /// <summary>Bytes of buffers lent to exchanges.</summary>
    public long BufferBytes { get; init; }

    /// <summary>Longest recent delay of each I/O thread, in milliseconds.</summary>
    public IReadOnlyList<double> HeartbeatMs { get; init; } = [];

    /// <summary>What an I/O thread sends in one round goes out in one call.</summary>
    public bool IoUring { get; init; }

    /// <summary>Lines the log lost. The admin server fills this and each app's counts from the ledger.</summary>
    public long LogDropped { get; init; }
}
