namespace Weir.Processes;

/// <summary>What somebody asked of the runner and waits for.</summary>
/// <param name="Done">Told null when it is done, otherwise why not.</param>
/// <param name="Look">The answer; null: not yet.</param>
internal sealed record Asked(TaskCompletionSource<string?> Done, Func<Asked.Answer?> Look)
{
    /// <param name="Fault">Null: it is done.</param>
    public readonly record struct Answer(string? Fault);
}
