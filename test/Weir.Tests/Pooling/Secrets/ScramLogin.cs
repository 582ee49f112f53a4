using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

/// <summary>One login with texts where the wire has bytes.</summary>
internal static class ScramLogin
{
    public const string ClientNonce = "rOprNGfwEbeRWgbNEkqO";
    public const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    public static readonly byte[] Salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");

    public static readonly byte[] Binding = [.. Enumerable.Range(0, 32).Select(value => (byte)value)];

    public static readonly ScramSecret Pencil = ScramSecret.Of("pencil", Salt, 4096);

    public static byte[] Initial(string mechanism, string message) =>
        [.. Encoding.UTF8.GetBytes(mechanism), 0, .. Messages.Wire.Int(Encoding.UTF8.GetByteCount(message)),
            .. Encoding.UTF8.GetBytes(message)];

    public static string? First(ScramServer server, string mechanism, string message, out PgError? fault) =>
        server.First(Initial(mechanism, message), out var reply, out fault) ? Encoding.UTF8.GetString(reply) : null;

    public static string? Final(ScramServer server, string message, out PgError? fault) =>
        server.Final(Encoding.UTF8.GetBytes(message), out var reply, out fault) ? Encoding.UTF8.GetString(reply) : null;

    /// <summary>
    /// The whole login between our two sides: the fault of the server, else the problem of the client.
    /// </summary>
    public static string? Meet(ScramClient client, ScramServer server)
    {
        var initial = new PacketWriter();
        initial.SaslInitialResponse(client.Mechanism, client.First());
        if (!server.First(initial.Written[MessageHeader.Bytes..], out var first, out var fault))
            return fault!.Code;
        if (!client.Next(first, out var final, out var problem))
            return problem;
        if (!server.Final(final, out var last, out fault))
            return fault!.Code;
        return client.Verify(last, out problem) ? null : problem;
    }
}
