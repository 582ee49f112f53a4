using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Weir.Beat;

namespace Weir.Edge.Kestrel;

/// <summary>Makes an exchange of each request that Kestrel reads from a connection of HTTP/2.</summary>
internal sealed class Http2Requests(Rooms rooms, OpenExchanges open) : IHttpApplication<IFeatureCollection>
{
    public IFeatureCollection CreateContext(IFeatureCollection contextFeatures) => contextFeatures;

    public async Task ProcessRequestAsync(IFeatureCollection context)
    {
        var arrived = Clock.Now;
        var connection = context.GetRequiredFeature<ConnectionFacts>();
        connection.Count(rooms.Options.Edge.RequestsPerConnectionMax);
        var limits = rooms.Bypass.Has(BypassParts.Gate) ? rooms.Live.LimitsReporting : rooms.Limits;
        var wire = new Http2StreamWire(context, connection);
        var client = new Http2Client(wire, connection, Http2Head.Of(context), limits);
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.BeginStream(client, arrived, _ => closed.TrySetResult());
        await closed.Task.ConfigureAwait(false);
        wire.Leave();
    }

    public void DisposeContext(IFeatureCollection context, Exception? exception)
    {
    }
}
