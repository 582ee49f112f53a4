using System.Security.Cryptography;
using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// The client's side of one login by SCRAM-SHA-256 or SCRAM-SHA-256-PLUS (RFC 5802, 7677, 5929): First, Next, Verify,
/// each once and in this order. The server is not trusted either: what it counts and how long it speaks is bounded.
/// </summary>
internal sealed class ScramClient
{
    private readonly string? _password;
    private readonly byte[]? _knownClientKey;
    private readonly ScramSecret? _secret;
    private readonly string _nonce;
    private readonly byte[]? _binding;
    private readonly string _gs2Header;
    private byte[] _serverSignature = [];
    private Step _step;

    private ScramClient(
        string? password, byte[]? clientKey, ScramSecret? secret, string nonce, byte[]? binding, bool isBindingAble)
    {
        _password = password;
        _knownClientKey = clientKey;
        _secret = secret;
        _nonce = nonce;
        _binding = binding;
        _gs2Header = binding is not null ? "p=tls-server-end-point,," : isBindingAble ? "y,," : "n,,";
    }

    private enum Step
    {
        First,
        Next,
        Verify,
        Done,
    }

    /// <summary>For SASLInitialResponse.</summary>
    public string Mechanism => _binding is null ? "SCRAM-SHA-256" : "SCRAM-SHA-256-PLUS";

    /// <param name="nonce">Printable, no comma; at least 18 random bytes in base64.</param>
    /// <param name="binding">tls-server-end-point of the server's certificate, where it offers PLUS; else null.</param>
    /// <param name="isBindingAble">
    /// With no binding: we could (TLS, and a hash for the certificate), but the server did not offer PLUS. It refuses
    /// where that offer was taken away on the way.
    /// </param>
    public static ScramClient OfPassword(string password, string nonce, byte[]? binding, bool isBindingAble = false) =>
        new(password, null, null, nonce, binding, isBindingAble);

    /// <summary>
    /// Pass-through: the key that the client showed us, for a server that keeps the very same secret.
    /// </summary>
    public static ScramClient OfKeys(
        byte[] clientKey, ScramSecret secret, string nonce, byte[]? binding = null, bool isBindingAble = false) =>
        new(null, clientKey, secret, nonce, binding, isBindingAble);

    /// <summary>The client-first-message. The user's name is empty: the startup packet has it.</summary>
    public byte[] First()
    {
        _step = Step.Next;
        return Encoding.UTF8.GetBytes($"{_gs2Header}{FirstBare}");
    }

    /// <summary>Takes the server-first-message.</summary>
    /// <param name="final">The client-final-message.</param>
    /// <param name="problem">Not empty exactly where false is returned; says what the server did.</param>
    public bool Next(ReadOnlySpan<byte> serverFirst, out byte[] final, out string problem)
    {
        final = [];
        problem = _step == Step.Next ? ReadFirst(serverFirst, out final) : "the server's SCRAM message is out of turn";
        _step = problem.Length == 0 ? Step.Verify : Step.Done;
        return problem.Length == 0;
    }

    /// <summary>Takes the server-final-message: true where the server knows the secret too.</summary>
    /// <param name="problem">Not empty exactly where false is returned.</param>
    public bool Verify(ReadOnlySpan<byte> serverFinal, out string problem)
    {
        problem = _step == Step.Verify ? ReadFinal(serverFinal) : "the server's SCRAM message is out of turn";
        _step = Step.Done;
        return problem.Length == 0;
    }

    private string FirstBare => $"n=,r={_nonce}";

    private string ReadFirst(ReadOnlySpan<byte> serverFirst, out byte[] final)
    {
        final = [];
        if (ScramText.Decode(serverFirst) is not { } message)
            return "the server's first SCRAM message is empty, too long or no text";
        var rest = message.AsSpan();
        if (rest.StartsWith("m="))
            return "the server requires an unsupported SCRAM extension";
        if (!ScramText.TryTake(ref rest, 'r', out var nonce) || !ScramText.TryTake(ref rest, 's', out var saltText)
            || !ScramText.TryTake(ref rest, 'i', out var count) || !ScramText.TrySkipExtensions(ref rest))
            return "the server's first SCRAM message is malformed";
        if (!ScramText.IsNonce(nonce) || nonce.Length <= _nonce.Length
            || !nonce.StartsWith(_nonce, StringComparison.Ordinal))
            return "the server's SCRAM nonce does not extend ours";
        if (!ScramText.TryDecode(saltText, ScramSecret.SaltBytesMax, out var salt) || salt.Length == 0)
            return $"the server's SCRAM salt is not 1 to {ScramSecret.SaltBytesMax} bytes in base64";
        if (!ScramSecret.TryReadIterations(count, out var iterations))
            return $"the server's SCRAM iteration count is not within 1 to {ScramSecret.IterationsMax}";
        if (_secret is not null && (iterations != _secret.Iterations || !_secret.Salt.AsSpan().SequenceEqual(salt)))
            return "the server keeps another SCRAM secret than ours (salt or iterations differ), "
                + "so the client's key cannot be passed through";

        var salted = _password is null ? [] : ScramKeys.Salted(_password, salt, iterations);
        var clientKey = _knownClientKey ?? ScramKeys.ClientKey(salted);
        var serverKey = _secret?.ServerKey ?? ScramKeys.ServerKey(salted);
        var header = Encoding.UTF8.GetBytes(_gs2Header);
        var binding = Convert.ToBase64String(_binding is null ? header : [.. header, .. _binding]);
        var withoutProof = $"c={binding},r={nonce}";
        var authMessage = $"{FirstBare},{message},{withoutProof}";
        var proof = ScramKeys.Xor(clientKey, SHA256.HashData(clientKey), authMessage);
        _serverSignature = ScramKeys.ServerSignature(serverKey, authMessage);
        final = Encoding.UTF8.GetBytes($"{withoutProof},p={Convert.ToBase64String(proof)}");
        return "";
    }

    private string ReadFinal(ReadOnlySpan<byte> serverFinal)
    {
        if (ScramText.Decode(serverFinal) is not { } message)
            return "the server's final SCRAM message is empty, too long or no text";
        var rest = message.AsSpan();
        if (rest.StartsWith("e="))
            return "the server refused the SCRAM exchange";
        if (!ScramText.TryTake(ref rest, 'v', out var text) || !ScramText.TrySkipExtensions(ref rest)
            || !ScramText.TryDecode(text, ScramSecret.KeyBytes, out var signature))
            return "the server's final SCRAM message is malformed";
        return CryptographicOperations.FixedTimeEquals(signature, _serverSignature)
            ? ""
            : "the server's SCRAM signature is wrong: it does not know the password";
    }
}
