namespace Weir.EndToEnd.Support;

/// <summary>How a <see cref="WeirRun"/> is started, where it matters.</summary>
internal sealed record WeirRunSetup
{
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The front door's; 0 = a free one.</summary>
    public int Port { get; init; }

    /// <summary>Folder of a <see cref="MemoryGroup"/> to run in; empty = none.</summary>
    public string Cgroup { get; init; } = "";
    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}
