namespace Weir.Control;

/// <summary>What <see cref="AdminGuard"/> looks at.</summary>
internal readonly record struct AdminCaller
{
    public required bool IsUnixSocket { get; init; }

    /// <summary>True where it changes something (any method but GET and HEAD).</summary>
    public required bool IsAct { get; init; }

    /// <summary>Host without its port; empty where there is none.</summary>
    public required string Host { get; init; }
    public required string HostAndPort { get; init; }
    public string? Origin { get; init; }
    public string? Authorization { get; init; }
}
