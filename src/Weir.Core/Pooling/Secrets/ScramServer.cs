using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// The server's side of one login by SCRAM-SHA-256 or SCRAM-SHA-256-PLUS (RFC 5802, 7677, 5929). A user that is not
/// goes the same way with a mock secret, and gets the same answer as a wrong password.
/// </summary>
/// <param name="serverNonce">Printable, no comma; PostgreSQL's is 18 random bytes in base64.</param>
/// <param name="endPointBinding">tls-server-end-point of our certificate; null: PLUS was not offered.</param>
/// <param name="isMock">The secret is nobody's: refuse in the end whatever the proof.</param>
internal sealed class ScramServer(ScramSecret secret, string serverNonce, byte[]? endPointBinding, bool isMock)
{
    private const string Plain = "SCRAM-SHA-256";
    private const string Plus = "SCRAM-SHA-256-PLUS";
    private const string EndPoint = "p=tls-server-end-point";
    private string _gs2Header = "";
    private string _clientFirstBare = "";
    private string _serverFirst = "";
    private string _nonce = "";
    private Step _step;

    private enum Step
    {
        First,
        Final,
        Done,
    }

    /// <summary>For the text of a refusal.</summary>
    public string User { get; init; } = "";

    /// <summary>After success: with it and the same secret Weir can log in to the server as this client.</summary>
    public byte[] ClientKey { get; private set; } = [];

    /// <summary>The client proved that its TLS connection ends here.</summary>
    public bool UsedPlus { get; private set; }

    /// <summary>Takes a SASLInitialResponse; once.</summary>
    /// <param name="reply">The data of AuthenticationSASLContinue.</param>
    /// <param name="fault">Not null exactly where false is returned: tell it and close.</param>
    public bool First(ReadOnlySpan<byte> body, out byte[] reply, out PgError? fault)
    {
        reply = [];
        fault = _step == Step.First
            ? ReadInitial(body, out var message) ?? ReadFirst(message)
            : Violation("out of turn");
        _step = fault is null ? Step.Final : Step.Done;
        if (fault is null)
            reply = Encoding.UTF8.GetBytes(_serverFirst);
        return fault is null;
    }

    /// <summary>Takes a SASLResponse; once, behind First.</summary>
    /// <param name="reply">The data of AuthenticationSASLFinal; AuthenticationOk follows it.</param>
    /// <param name="fault">Not null exactly where false is returned: tell it and close.</param>
    public bool Final(ReadOnlySpan<byte> body, out byte[] reply, out PgError? fault)
    {
        reply = [];
        fault = _step == Step.Final ? ReadFinal(body, out reply) : Violation("out of turn");
        _step = Step.Done;
        if (fault is not null)
            reply = [];
        return fault is null;
    }

    /// <summary>The mechanism, and the client-first-message with its length before it.</summary>
    private PgError? ReadInitial(ReadOnlySpan<byte> body, out string message)
    {
        message = "";
        if (!CText.TryTake(ref body, out var mechanism))
            return Violation("the SASL mechanism has no end");
        UsedPlus = mechanism.SequenceEqual("SCRAM-SHA-256-PLUS"u8);
        if (!(UsedPlus ? endPointBinding is not null : mechanism.SequenceEqual("SCRAM-SHA-256"u8)))
            return PgError.Fatal(
                SqlStates.ProtocolViolation, "client selected an invalid SASL authentication mechanism");
        if (body.Length < sizeof(int) || BinaryPrimitives.ReadInt32BigEndian(body) != body.Length - sizeof(int))
            return Violation("the length of the first message is not its own");
        if (ScramText.Decode(body[sizeof(int)..]) is not { } text)
            return Violation("the first message is empty, too long or no text");
        message = text;
        return null;
    }

    /// <summary><c>gs2-cbind-flag "," [authzid] "," [m=] n=name,r=nonce[,extensions]</c>.</summary>
    private PgError? ReadFirst(string message)
    {
        var rest = message.AsSpan();
        var comma = rest.IndexOf(',');
        var flag = comma < 0 ? rest : rest[..comma];
        if (FaultOfFlag(flag) is { } fault)
            return fault;
        rest = rest[Math.Min(comma + 1, rest.Length)..];
        if (comma < 0 || rest.IsEmpty)
            return Violation("the first message ends early");
        if (rest[0] != ',')
            return rest[0] == 'a'
                ? PgError.Fatal(
                    SqlStates.FeatureNotSupported, "client uses authorization identity, but it is not supported")
                : Violation("a comma is missing behind the channel binding flag");
        _gs2Header = $"{flag},,";
        rest = rest[1..];
        _clientFirstBare = rest.ToString();
        if (rest.StartsWith("m="))
            return PgError.Fatal(SqlStates.FeatureNotSupported, "client requires an unsupported SCRAM extension");
        // The user's name is the startup packet's, as with PostgreSQL: what stands here is not looked at.
        if (!ScramText.TryTake(ref rest, 'n', out _) || !ScramText.TryTake(ref rest, 'r', out var nonce)
            || !ScramText.IsNonce(nonce) || !ScramText.TrySkipExtensions(ref rest))
            return Violation("the first message is malformed");
        _nonce = nonce + serverNonce;
        _serverFirst = string.Create(
            CultureInfo.InvariantCulture,
            $"r={_nonce},s={Convert.ToBase64String(secret.Salt)},i={secret.Iterations}");
        return null;
    }

    private PgError? FaultOfFlag(ReadOnlySpan<char> flag)
    {
        switch (flag)
        {
            case "n" or "y" when UsedPlus:
                return Violation($"{Plus} was selected, but the message has no channel binding data");
            // It thinks that we have no PLUS, where we offered it: somebody between took the offer away.
            case "y" when endPointBinding is not null:
                return PgError.Fatal(SqlStates.InvalidAuthorization, "SCRAM channel binding negotiation error");
            case "n" or "y":
                return null;
            case EndPoint:
                return UsedPlus ? null : Violation($"{Plain} was selected, but the message has channel binding data");
            default:
                return flag.StartsWith("p=")
                    ? PgError.Fatal(SqlStates.ProtocolViolation, "unsupported SCRAM channel-binding type")
                    : Violation("the channel binding flag is none");
        }
    }

    /// <summary><c>c=binding,r=nonce[,extensions],p=proof</c>.</summary>
    private PgError? ReadFinal(ReadOnlySpan<byte> body, out byte[] reply)
    {
        reply = [];
        if (ScramText.Decode(body) is not { } message)
            return Violation("the final message is empty, too long or no text");
        var rest = message.AsSpan();
        if (!ScramText.TryTake(ref rest, 'c', out var binding) || !ScramText.TryTake(ref rest, 'r', out var nonce)
            || !ScramText.TrySkipExtensions(ref rest, until: 'p') || !rest.StartsWith("p="))
            return Violation("the final message is malformed");
        var withoutProof = message[..(message.Length - rest.Length - 1)];
        if (!ScramText.TryDecode(rest[2..].ToString(), ScramSecret.KeyBytes, out var proof)
            || proof.Length != ScramSecret.KeyBytes)
            return Violation("the proof is not 32 bytes in base64");
        if (binding != ExpectedBinding())
            return UsedPlus
                ? PgError.Fatal(SqlStates.InvalidAuthorization, "SCRAM channel binding check failed")
                : Violation("the channel binding attribute is not the one of the first message");
        if (nonce != _nonce)
            return Violation("the nonce does not match");

        var authMessage = $"{_clientFirstBare},{_serverFirst},{withoutProof}";
        var clientKey = ScramKeys.Xor(proof, secret.StoredKey, authMessage);
        var isProven = CryptographicOperations.FixedTimeEquals(SHA256.HashData(clientKey), secret.StoredKey);
        var signature = ScramKeys.ServerSignature(secret.ServerKey, authMessage);
        if (!isProven | isMock)
            return PgError.Fatal(
                SqlStates.InvalidPassword,
                "password authentication failed" + (User.Length > 0 ? $" for user \"{User}\"" : ""));
        ClientKey = clientKey;
        reply = Encoding.UTF8.GetBytes("v=" + Convert.ToBase64String(signature));
        return null;
    }

    private string ExpectedBinding()
    {
        var header = Encoding.UTF8.GetBytes(_gs2Header);
        return Convert.ToBase64String(UsedPlus ? [.. header, .. endPointBinding!] : header);
    }

    private static PgError Violation(string detail) =>
        PgError.Fatal(SqlStates.ProtocolViolation, "malformed SCRAM message") with { Detail = detail };
}
