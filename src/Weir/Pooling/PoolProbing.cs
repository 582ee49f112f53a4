using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>One log-in to a server, to see whether it works and how many connections it takes.</summary>
internal static class PoolProbing
{
    private const string Question = "SELECT name, setting FROM pg_catalog.pg_settings WHERE name IN "
        + "('max_connections', 'superuser_reserved_connections', 'reserved_connections')";

    /// <param name="sslMode">pool.server-tls; null: as the URL says.</param>
    public static async Task<PoolProbe> RunAsync(DatabaseUrl server, TimeSpan limit, PgSslMode? sslMode)
    {
        await Task.Yield();
        var target = ServerTarget.Of(
            server, ServerWay.Of(server, sslMode), server.Database, server.User, server.Password ?? "");
        var (open, why) = await ServerLogin.OpenStreamAsync(target, [], limit).ConfigureAwait(false);
        if (open is null)
            return new PoolProbe(why!.Message);
        using var owner = open.Line;
        using var cut = new CancellationTokenSource(limit);
        try
        {
            var probe = new PoolProbe(null);
            await ServerQuestion.AskAsync(open.Stream, Question, row => probe = Take(probe, row), cut.Token)
                .ConfigureAwait(false);
            return probe;
        }
        catch (OperationCanceledException)
        {
            return new PoolProbe($"no answer from {open.Address} within {limit.TotalSeconds:0.#} s");
        }
        catch (Exception fault) when (fault is SocketException or IOException or InvalidDataException)
        {
            return new PoolProbe($"{open.Address}: {fault.Message}");
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
