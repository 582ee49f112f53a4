using System.Globalization;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>One log-in to a server, to see whether it works and how many connections it takes.</summary>
internal static class PoolProbing
{
    private const string Question = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN "
        + "('max_connections', 'superuser_reserved_connections', 'reserved_connections')";

    public static async Task<PoolProbe> RunAsync(DatabaseUrl server, TimeSpan limit)
    {
        await Task.Yield();
        using var cut = new CancellationTokenSource(limit);
        var target = Pools.Target(server, server.Database, server.User, server.Password ?? "", new PoolOptions());
        try
        {
            using var stream = await ServerLogin.ConnectAsync(target, limit, cut.Token).ConfigureAwait(false);
            var talk = new LoginTalk(target, stream.Stream);
            var why = await talk.RunAsync([], cut.Token).ConfigureAwait(false);
            return why is null ? await AskAsync(stream.Stream, cut.Token).ConfigureAwait(false)
                : new PoolProbe(why.Message);
        }
        catch (OperationCanceledException)
        {
            return new PoolProbe($"no answer from {target.Address} within {limit.TotalSeconds:0.#} s");
        }
        catch (Exception fault) when (fault is SocketException or IOException or AuthenticationException
            or InvalidDataException)
        {
            return new PoolProbe($"{target.Address}: {fault.Message}");
        }
    }

    private static async Task<PoolProbe> AskAsync(Stream stream, CancellationToken cut)
    {
        var packets = new PacketWriter();
        packets.Query(Question);
        await stream.WriteAsync(packets.Buffer.AsMemory(0, packets.Length), cut).ConfigureAwait(false);
        var probe = new PoolProbe(null);
        while (true)
        {
            var (kind, body) = await ServerLogin.ReadAsync(stream, cut).ConfigureAwait(false);
            if (kind == MessageKind.ReadyForQuery)
                return probe;
            if (kind == MessageKind.DataRow)
                probe = Take(probe, body);
        }
    }

    private static PoolProbe Take(PoolProbe probe, byte[] body)
    {
        var fields = new RowFields(body);
        if (!fields.TryNext(out var name, out _) || !fields.TryNext(out var setting, out _)
            || !int.TryParse(Encoding.ASCII.GetString(setting), NumberStyles.None, CultureInfo.InvariantCulture,
                out var count))
            return probe;
        return name.SequenceEqual("max_connections"u8) ? probe with { ConnectionsMax = count }
            : probe with { Reserved = probe.Reserved + count };
    }
}
