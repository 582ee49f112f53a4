using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>One log-in to a server, on a stream that is connected.</summary>
internal sealed class LoginTalk(ServerTarget target, Stream stream)
{
    private const string Unproved = "the server did not prove that it knows the password";

    private readonly PacketWriter _packets = new();
    private ScramClient? _scram;
    private bool _isVerified;

    public ServerFacts Facts { get; } = new();

    /// <summary>Null: logged in. Else what the server said against it.</summary>
    public async Task<PgError?> RunAsync(IReadOnlyList<KeyValuePair<string, string>> parameters, CancellationToken cut)
    {
        KeyValuePair<string, string>[] all =
            [new("user", target.User), new("database", target.Database), .. target.Way.Parameters, .. parameters];
        _packets.Startup(minor: 0, all);
        await SendAsync(cut).ConfigureAwait(false);
        while (true)
        {
            var (kind, body) = await ServerLogin.ReadAsync(stream, cut).ConfigureAwait(false);
            switch (kind)
            {
                case MessageKind.Error:
                    return PgError.Read(body);
                case MessageKind.ReadyForQuery:
                    return null;
                case MessageKind.Authentication:
                    if (Answer(body) is { } problem)
                        return PgError.Fatal(SqlStates.InvalidAuthorization, $"{target.Address}: {problem}");
                    await SendAsync(cut).ConfigureAwait(false);
                    break;
                case MessageKind.ParameterStatus:
                    Facts.Parameters.Read(body);
                    break;
                case MessageKind.BackendKeyData:
                    TakeKey(body);
                    break;
                case MessageKind.Notice or MessageKind.NegotiateVersion:
                    break;
                default:
                    throw new InvalidDataException($"the server sent a message '{(char)kind}' while logging in");
            }
        }
    }

    private void TakeKey(byte[] body)
    {
        if (!BackendKeyMessage.TryRead(body, out var key))
            throw new InvalidDataException("the server sent a cancel key of a wrong length");
        Facts.Pid = key.ProcessId;
        Facts.Secret = key.Secret.ToArray();
    }

    /// <summary>Writes the answer; what is wrong, or null.</summary>
    private string? Answer(byte[] body)
    {
        if (!AuthenticationRequest.TryRead(body, out var request))
            throw new InvalidDataException("the server sent a broken request for authentication");
        if (Against(request) is { } unwanted)
            return unwanted;
        switch (request.Code)
        {
            case AuthenticationRequest.Ok:
                // A server that skips its proof may be an impostor.
                return _scram is null || _isVerified ? null : Unproved;
            case AuthenticationRequest.Cleartext:
                if (Missing() is { } noText)
                    return noText;
                _packets.Password(target.Password);
                return null;
            case AuthenticationRequest.Md5:
                if (Missing() is { } noHash)
                    return noHash;
                _packets.Password(Md5Secret.Response(Md5Secret.Hash(target.User, target.Password), request.Data));
                return null;
            case AuthenticationRequest.Sasl:
                return BeginScram(request);
            case AuthenticationRequest.SaslContinue:
                return ContinueScram(request.Data);
            case AuthenticationRequest.SaslFinal:
                var verified = _scram is not null && _scram.Verify(request.Data, out _);
                _isVerified = verified;
                return verified ? null : Unproved;
            default:
                return $"the server wants authentication of kind {request.Code}, which Weir does not speak";
        }
    }

    /// <summary>Before anything of the password is shown: what the URL demands, and this is not.</summary>
    private string? Against(in AuthenticationRequest request)
    {
        var demands = target.Way.Demands;
        switch (request.Code)
        {
            case AuthenticationRequest.Ok:
                return _wasAsked ? null : demands.Against("none", isBound: false);
            case AuthenticationRequest.Cleartext or AuthenticationRequest.Md5:
                _wasAsked = true;
                return demands.Against(
                    request.Code == AuthenticationRequest.Md5 ? "md5" : "password", isBound: false);
            case AuthenticationRequest.Sasl:
                _wasAsked = true;
                return demands.Against(
                    "scram-sha-256", request.Offers("SCRAM-SHA-256-PLUS") && Binding() is not null);
            default:
                return null;
        }
    }

    private bool _wasAsked;

    private string? BeginScram(AuthenticationRequest request)
    {
        if (target.Keys is null && Missing() is { } missing)
            return missing;
        var binding = request.Offers("SCRAM-SHA-256-PLUS") ? Binding() : null;
        if (binding is null && !request.Offers("SCRAM-SHA-256"))
            return "the server offers no SCRAM-SHA-256";
        var mayBind = binding is null && Binding() is not null;
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(18));
        _scram = target.Keys is { } keys ? ScramClient.OfKeys(keys.ClientKey, keys.Secret, nonce, binding, mayBind)
            : ScramClient.OfPassword(target.Password, nonce, binding, mayBind);
        _packets.SaslInitialResponse(_scram.Mechanism, _scram.First());
        return null;
    }

    private string? ContinueScram(ReadOnlySpan<byte> serverFirst)
    {
        if (_scram is null)
            return "the server answered what was not asked";
        if (!_scram.Next(serverFirst, out var final, out var problem))
            return problem;
        _packets.SaslResponse(final);
        return null;
    }

    private byte[]? Binding() => !target.Way.Demands.ForbidsBinding
        && stream is SslStream { RemoteCertificate: { } certificate }
        ? CertificateBinding.EndPoint(new X509Certificate2(certificate).SignatureAlgorithm.Value ?? "",
            certificate.GetRawCertData())
        : null;

    private string? Missing() =>
        target.Password.Length > 0 ? null : $"user {target.User} needs a password, and none is known";

    private async Task SendAsync(CancellationToken cut)
    {
        if (_packets.Length == 0)
            return;
        await stream.WriteAsync(_packets.Buffer.AsMemory(0, _packets.Length), cut).ConfigureAwait(false);
        _packets.Clear();
    }
}
