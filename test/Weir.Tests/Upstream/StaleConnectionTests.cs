using System.Net;
using System.Net.Sockets;
using Weir.Config;
using Weir.Edge;
using Weir.Ledger;
using Weir.Routing;
using Weir.Spill;
using Weir.Tests.Faults;
using Weir.Tests.Support;
using Weir.Upstream;
using Weir.Wires;

namespace Weir.Tests.Upstream;

/// <summary>An app that kept a connection and takes no more requests on it; nothing of the next was sent.</summary>
public sealed class StaleConnectionTests : IDisposable
{
    private const string Get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    private const string Post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
    private const string Answer = "HTTP/1.1 204 No Content\r\n\r\n";

    private readonly CancellationTokenSource _patience = new(TimeSpan.FromSeconds(20));
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-stale");
    private readonly Socket _app = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly House _house;

    public StaleConnectionTests()
    {
        _app.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _app.Listen();
        _house = new House(new WeirOptions
        {
            Quiet = true,
            Edge = new EdgeOptions { Listen = ["127.0.0.1:0"] },
            Spill = new SpillOptions { Directory = _folder.FullName },
            Ledger = new LedgerOptions { Log = LogFormat.Off },
            Apps = [new AppOptions { To = [_app.LocalEndPoint!.ToString()!] }],
        });
        _house.Start();
    }

    public void Dispose()
    {
        _house.StopAsync(TimeSpan.Zero).Wait();
        _house.Dispose();
        _app.Dispose();
        _folder.Delete(recursive: true);
        _patience.Dispose();
    }

    [Fact]
    public async Task A_request_that_may_not_be_made_twice_goes_out_anew_where_the_app_had_closed()
    {
        using var client = await ConnectAsync();
        using (var kept = await ServeAsync(client, Get))
        {
            UpstreamPeer.Until(() => Look(_ => true, whereGone: false));
            kept.Socket.Shutdown(SocketShutdown.Both);
        }

        // The house's heartbeat may see it first, and close the connection.
        UpstreamPeer.Until(() => Look(connection => !connection.IsQuiet, whereGone: true));
        using var anew = await ServeAsync(client, Post);
    }

    [Fact]
    public async Task A_request_that_may_not_be_made_twice_goes_out_anew_where_not_a_byte_could_be_sent()
    {
        using var client = await ConnectAsync();
        using var kept = await ServeAsync(client, Get);
        EndSendOfKept();
        using var anew = await ServeAsync(client, Post);
    }

    [Fact]
    public async Task It_does_so_too_where_the_send_was_kept_to_the_end_of_a_round_and_failed_there()
    {
        using var client = await ConnectAsync();
        using var kept = await ServeAsync(client, Get);
        EndSendOfKept();
        // Two events that came while the thread was held make one round.
        using var holds = new Stall(IoThreads.All[0]);
        using var second = new Stall(IoThreads.All[0]);
        holds.Hold();
        await client.SendAsync(Post);
        second.Knock();
        second.End();
        holds.End();
        using var anew = await AnswerAsync(client, Post);
    }

    /// <summary>The kept connection looks well, and the first send on it fails.</summary>
    private void EndSendOfKept() => UpstreamPeer.Until(() => Look(
        connection =>
        {
            connection.Wire.EndSend();
            return connection.IsQuiet;
        },
        whereGone: false));

    private bool Look(Func<UpstreamConnection, bool> look, bool whereGone)
    {
        var instance = _house.Rooms.Apps[0].Instances[0];
        if (instance.TakeIdle() is not { } connection)
            return whereGone;
        var seen = look(connection);
        instance.KeepIdle(connection);
        return seen;
    }

    /// <summary>The client asks, the app accepts one more connection and answers on it.</summary>
    private async Task<RawConnection> ServeAsync(RawConnection client, string request)
    {
        await client.SendAsync(request);
        return await AnswerAsync(client, request);
    }

    private async Task<RawConnection> AnswerAsync(RawConnection client, string request)
    {
        var app = new RawConnection(await _app.AcceptAsync(_patience.Token), _patience.Token);
        Assert.StartsWith(request[..request.IndexOf('\r', StringComparison.Ordinal)], await app.ReadHeadAsync());
        await app.SendAsync(Answer);
        Assert.StartsWith("HTTP/1.1 204", await client.ReadHeadAsync());
        return app;
    }

    private async Task<RawConnection> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _house.Listeners[0].Port), _patience.Token);
        return new RawConnection(socket, _patience.Token);
    }
}
