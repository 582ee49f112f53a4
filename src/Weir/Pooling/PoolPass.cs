namespace Weir.Pooling;

/// <summary>
/// Lets one instance in, by a password that nobody else has; disposed when the instance has ended. Two instances of one
/// name (an old set and a new one) have a pass each.
/// </summary>
/// <param name="url">The URL for the app.</param>
/// <param name="end">Called once.</param>
internal sealed class PoolPass(string url, Action end) : IDisposable
{
    private Action? _end = end;

    /// <summary>With the pass's password; shown nowhere.</summary>
    public string Url { get; } = url;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
