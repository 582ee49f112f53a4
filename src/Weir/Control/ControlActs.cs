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

    public Func<string, string?> Drain { get; init; } = _ => NotHere;
    public Func<string?> Pause { get; init; } = () => NotHere;
    public Func<string?> Resume { get; init; } = () => NotHere;
    public Func<ActReply> Reload { get; init; } = () => new ActReply(false, NotHere);

    private const string NotHere = "this Weir cannot do that";
}
