using Microsoft.Win32.SafeHandles;
using Weir.Core.Processes;
using Weir.Ledger;
using Weir.Routing;

namespace Weir.Processes;

/// <summary>What the runner needs of the house.</summary>
internal sealed record RunnerParts
{
    /// <summary>The options in force now.</summary>
    public required Func<RunOptions> ReadOptions { get; init; }

    public RunOptions Options => ReadOptions();

    /// <summary>What is written down for the next Weir of this folder.</summary>
    public required RunState State { get; init; }

    /// <summary>Holds the port of an instance that an earlier Weir started; null where it is another's.</summary>
    public required Func<int, IDisposable?> Hold { get; init; }

    /// <summary>What is to run, read anew: folder, Procfile and .env may have changed.</summary>
    public required Func<RunPlan> ReadPlan { get; init; }

    /// <summary>Finds out beside the loop what a restart needs to know, before the plan is read for it.</summary>
    public Func<Task> BeforeRestartAsync { get; init; } = () => Task.CompletedTask;

    /// <summary>Chooses port or socket of an instance of this type and number, and makes its start.</summary>
    public required Func<RunPlan, ProcessType, int, InstanceLaunch> Prepare { get; init; }

    public required Func<ProcessType, string, SafeFileHandle, InstanceOutput> Listen { get; init; }

    /// <summary>How many requests one instance of this type works on at once.</summary>
    public required Func<RunPlan, ProcessType, SlotFinding> FindSlots { get; init; }

    /// <summary>A person said how many slots there are: what can be counted does not go before that.</summary>
    public required Func<bool> AreSlotsTold { get; init; }

    /// <summary>The app that the routed type serves.</summary>
    public required App App { get; init; }

    /// <summary>Told of every fault of Weir's own.</summary>
    public Action<Exception> WhenFault { get; init; } = _ => { };

    /// <summary>What, of which instance, and more.</summary>
    public Action<HouseMessage, string, string> Say { get; init; } = (_, _, _) => { };
}
