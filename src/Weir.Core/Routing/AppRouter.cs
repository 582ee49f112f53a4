namespace Weir.Core.Routing;

/// <summary>One app's routing: its queue, its instances and their slots.</summary>
internal sealed class AppRouter
{
    /// <summary>The options in force; ConfigChanged makes the router look at them anew.</summary>
    public RoutingOptions Options { get; set; } = new();

    /// <summary>Takes one event and adds what is to be done to <paramref name="commands"/>.</summary>
    /// <param name="now">Microseconds on the caller's monotonic clock; never decreasing from step to step.</param>
    public void Step(long now, in RoutingEvent happened, CommandBuffer commands) => throw new NotImplementedException();
}
