namespace Weir.EndToEnd.Support;

/// <summary>How a <see cref="WeirProcess"/> is started.</summary>
internal sealed record WeirSetup
{
    public IReadOnlyList<string> To { get; init; } = [];
    public IReadOnlyList<string> Arguments { get; init; } = [];
    public bool Admin { get; init; } = true;

    /// <summary>For <c>taskset -c</c>; empty = any.</summary>
    public string Cpus { get; init; } = "";

    /// <summary>Folder of a <see cref="MemoryGroup"/> to run in; empty = none.</summary>
    public string Cgroup { get; init; } = "";

    public IReadOnlyDictionary<string, string>? Environment { get; init; }
}
