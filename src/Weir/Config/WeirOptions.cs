using Weir.Caching;
using Weir.Control;
using Weir.Edge;
using Weir.Intake;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Pooling;
using Weir.Processes;
using Weir.Recording;
using Weir.Routing;
using Weir.Spill;

namespace Weir.Config;

/// <summary>Everything a running Weir was told, bound once. One record a room.</summary>
internal sealed record WeirOptions
{
    public EdgeOptions Edge { get; init; } = new();
    public TrustOptions Trust { get; init; } = new();
    public IntakeOptions Intake { get; init; } = new();
    public OutflowOptions Outflow { get; init; } = new();
    public SpillOptions Spill { get; init; } = new();
    public LedgerOptions Ledger { get; init; } = new();
    public RunOptions Run { get; init; } = new();
    public CacheOptions Cache { get; init; } = new();
    public PoolOptions Pool { get; init; } = new();
    public RecordOptions Record { get; init; } = new();
    public AdminOptions Admin { get; init; } = new();
    public IReadOnlyList<AppOptions> Apps { get; init; } = [];

    /// <summary>shutdown.deadline: for a whole shutdown. 25 s: platforms kill at 30.</summary>
    public TimeSpan ShutdownDeadline { get; init; } = TimeSpan.FromSeconds(25);

    public bool Quiet { get; init; }

    /// <summary>Each setting that is not at its default, with where it came from
    /// ("--queue-max-wait", "WEIR_QUEUE_MAX_WAIT", "weir.yaml:12").</summary>
    public IReadOnlyList<SettingSource> Sources { get; init; } = [];
}
