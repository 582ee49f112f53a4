using System.Security.Cryptography;
using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Fuzz;

/// <summary>
/// Two messages with a 0xFF between them, to a server and to a client of SCRAM: no login without the secret, and no
/// refusal without a reason.
/// </summary>
internal static class ScramTarget
{
    private const byte Between = 0xFF;
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string ServerNonce = "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";

    private static readonly byte[] s_salt = Convert.FromBase64String("W22ZaJ0SNY7soEsUEjb6gQ==");
    private static readonly ScramSecret s_secret = ScramSecret.Of("pencil", s_salt, 4096);
    private static readonly byte[] s_clientKey = ScramKeys.ClientKey(ScramKeys.Salted("pencil", s_salt, 4096));

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var cut = data.IndexOf(Between);
        var first = cut < 0 ? data : data[..cut];
        var second = cut < 0 ? default : data[(cut + 1)..];
        ToServer(first, second, null);
        ToServer(first, second, [1, 2, 3]);
        ToClient(first, second);

        var text = Encoding.UTF8.GetString(data);
        if (ScramSecret.Parse(text) is { } secret && secret.ToString() != text)
            throw new InvariantException("A secret has two texts.");
        Md5Secret.IsHash(text);
    }

    private static void ToServer(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, byte[]? binding)
    {
        var server = new ScramServer(s_secret, ServerNonce, binding, isMock: false);
        Check(server.First(first, out var reply, out var fault), reply, fault);
        var isIn = server.Final(second, out reply, out fault);
        Check(isIn, reply, fault);
        if (isIn != server.ClientKey.Length > 0
            || (isIn && !SHA256.HashData(server.ClientKey).AsSpan().SequenceEqual(s_secret.StoredKey)))
            throw new InvariantException("In without the key.");
        if (server.Final(second, out _, out _))
            throw new InvariantException("A login twice.");

        var mock = new ScramServer(s_secret, ServerNonce, binding, isMock: true);
        mock.First(first, out _, out _);
        if (mock.Final(second, out _, out _) || mock.ClientKey.Length > 0)
            throw new InvariantException("Nobody is in.");
    }

    private static void Check(bool isTaken, byte[] reply, PgError? fault)
    {
        if (isTaken != fault is null || isTaken != reply.Length > 0)
            throw new InvariantException("A refusal and its reason come together.");
    }

    private static void ToClient(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        // With keys, so that no iterations are counted here.
        var client = ScramClient.OfKeys(s_clientKey, s_secret, Nonce);
        client.First();
        var isTaken = client.Next(first, out var final, out var problem);
        if (isTaken != (problem.Length == 0) || isTaken != final.Length > 0)
            throw new InvariantException("A refusal and its reason come together.");
        if (client.Verify(second, out problem) != (problem.Length == 0) || (!isTaken && problem.Length == 0))
            throw new InvariantException("A server is believed out of turn.");
    }
}
