namespace Weir.Caching;

/// <summary>Worker time that stored answers of one route have saved.</summary>
/// <param name="route">The route's path; empty for what has no route.</param>
internal sealed class RouteSavings(string app, string route)
{
    private long _micros;

    public string App { get; } = app;
    public string Route { get; } = route;

    /// <summary>Microseconds: for each answer what the app took when it made it.</summary>
    public long Micros => Interlocked.Read(ref _micros);

    public void Add(long micros) => Interlocked.Add(ref _micros, micros);
}
