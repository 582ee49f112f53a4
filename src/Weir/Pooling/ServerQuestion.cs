using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>One query on a connection that has just logged in and is nobody's yet.</summary>
internal static class ServerQuestion
{
    private const string RoleQuery =
        "SELECT pg_catalog.pg_is_in_recovery(), pg_catalog.current_setting('transaction_read_only')";

    /// <summary>Done when the server is at rest again; what it refuses gives no row.</summary>
    /// <param name="take">Given the body of each row, in text format.</param>
    /// <exception cref="IOException">The connection ended, or (InvalidDataException) what came was no answer.</exception>
    public static async Task AskAsync(Stream stream, string sql, Action<byte[]> take, CancellationToken cut)
    {
        var packets = new PacketWriter();
        packets.Query(sql);
        await stream.WriteAsync(packets.Buffer.AsMemory(0, packets.Length), cut).ConfigureAwait(false);
        while (true)
        {
            var (kind, body) = await ServerLogin.ReadAsync(stream, cut).ConfigureAwait(false);
            if (kind == MessageKind.ReadyForQuery)
                return;
            if (kind == MessageKind.DataRow)
                take(body);
        }
    }

    /// <summary>For servers that do not report it.</summary>
    public static async Task<SessionRole> AskRoleAsync(Stream stream, CancellationToken cut)
    {
        var role = default(SessionRole);
        await AskAsync(stream, RoleQuery, row => role = ReadRole(row), cut).ConfigureAwait(false);
        return role;
    }

    private static SessionRole ReadRole(byte[] row)
    {
        var fields = new RowFields(row);
        var isStandby = fields.TryNext(out var first, out _) && first.SequenceEqual("t"u8);
        var isReadOnly = fields.TryNext(out var second, out _) && Encoding.ASCII.GetString(second) == "on";
        return new SessionRole(isStandby, isReadOnly);
    }
}
