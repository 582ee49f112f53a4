using Weir.Config;

namespace Weir.Control;

/// <summary>
/// What the admin API can ask of the house, filled by the house. An act returns null when it is done, otherwise one
/// sentence
/// that says why not. Acts run on pool threads, and the house takes its own locks.
/// </summary>
internal sealed record ControlActs
{
    public required Func<HouseSnapshot> Snapshot { get; init; }

    public Func<IReadOnlyList<SettingSource>> Settings { get; init; } = () => [];

    /// <summary>Part, and true where it is to be switched off (bypass on).</summary>
    public Func<string, bool, string?> Bypass { get; init; } = (_, _) => NotHere;

    /// <summary>
    /// Ends, as restart and scale do, when it is done; an instance that is not ours only begins to drain.
    /// </summary>
    public Func<string, Task<string?>> Drain { get; init; } = _ => s_notHere;

    public Func<Task<string?>> Restart { get; init; } = () => s_notHere;

    /// <summary>Process types with the number of instances wanted.</summary>
    public Func<string, Task<string?>> Scale { get; init; } = _ => s_notHere;

    /// <summary>Scope, text, soft or hard, and true to count only what it would be for.</summary>
    public Func<string, string, string, bool, ActReply> Purge { get; init; } = (_, _, _, _) => new(false, NotHere);

    /// <summary>An app, or empty for all; and true to tell only what it would cost.</summary>
    public Func<string, bool, ActReply> Warm { get; init; } = (_, _) => new(false, NotHere);

    public Func<string?> Pause { get; init; } = () => NotHere;
    public Func<string?> Resume { get; init; } = () => NotHere;
    public Func<ActReply> Reload { get; init; } = () => new ActReply(false, NotHere);

    private const string NotHere = "this Weir cannot do that";
    private static readonly Task<string?> s_notHere =
        Task.FromResult<string?>("this Weir started no processes: only weir run can restart and scale");
}
