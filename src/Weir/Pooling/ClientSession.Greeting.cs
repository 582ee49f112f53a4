using System.Security.Cryptography;
using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;
using Weir.Wires;

namespace Weir.Pooling;

// From the first byte to ReadyForQuery.
//  1. The startup packet; before it, at most one request for TLS and one for GSS.
//  2. Proof of who it is.
//  3. Its settings (ClientSession.Login): tried on a server connection where nobody asked for the same before, so that
//     what is wrong with them is told now, and ParameterStatus says what the server says.
internal sealed partial class ClientSession
{
    private const int SecretBytesOld = 4;
    private const int SecretBytesNew = 32;

    private StartupPacket? _packet;
    private byte[] _packetBytes = [];
    private StartupBook? _startups;

    /// <summary>Of a packet that is known; null: it was read anew.</summary>
    private StartupNote? _note;
    private Task<Admission>? _asked;
    private Admission? _admission;
    private ScramServer? _scram;
    private byte[]? _salt;
    private bool _scramHasBegun;
    private bool _askedTls;
    private bool _askedGss;
    private Task<SecureWire?>? _handshake;

    public bool IsSecure => _wire is SecureWire;

    private bool Greet()
    {
        _startups = _gate.Startups;
        while (true)
        {
            if (_startups.Find(_in.Here) is { } known)
            {
                _note = known;
                _in.Take(known.Bytes.Length);
                BeginProof(known.Packet);
                return true;
            }

            switch (StartupReader.Read(_in.Here, out var consumed, out var packet, out var fault))
            {
                case PacketRead.Broken:
                    return Refuse(fault!);
                case PacketRead.Whole when packet!.Kind == StartupKind.DirectTls:
                    return BeginTls(isDirect: true);
                case PacketRead.Whole:
                    if (packet.Kind == StartupKind.Startup)
                        _packetBytes = _in.Here[..consumed].ToArray();
                    _in.Take(consumed);
                    if (!TakePacket(packet))
                        return true;
                    continue;
            }

            if (!_in.Receive(wanted: 0))
                return (_in.IsOver || _out.IsBroken) && LeaveSilently();
        }
    }

    /// <summary>True: another packet is to come.</summary>
    private bool TakePacket(StartupPacket packet)
    {
        switch (packet.Kind)
        {
            case StartupKind.Ssl when !_askedTls && !IsSecure:
                _askedTls = true;
                return AnswerTls();
            case StartupKind.Gss when !_askedGss && !IsSecure:
                _askedGss = true;
                return AnswerByte((byte)'N');
            case StartupKind.Ssl or StartupKind.Gss:
                Violation("a second request for encryption");
                return false;
            case StartupKind.Cancel:
                BeginCancelling(_rooms.Cancels.Find(packet.CancelPid, packet.CancelSecret));
                return false;
            default:
                BeginProof(packet);
                return false;
        }
    }

    private bool AnswerTls()
    {
        if (_gate.Certificate is null || Peer.IsUnix)
            return AnswerByte((byte)'N');
        if (!AnswerByte((byte)'S'))
            return false;
        BeginTls(isDirect: false);
        return false;
    }

    /// <summary>Bytes that came before the answer would pass for encrypted ones (CVE-2021-23222).</summary>
    private bool AnswerByte(byte answer)
    {
        if (_in.Count > 0)
        {
            Violation("bytes behind a request for encryption");
            return false;
        }

        _out.Write([answer]);
        return true;
    }

    private bool BeginTls(bool isDirect)
    {
        _wire.Settle();
        if (_gate.Certificate is null || _wire is not SocketWire plain || plain.IsReceiving || plain.IsSending)
            return LeaveSilently();

        var first = _in.Here.ToArray();
        Enter(SessionStage.Securing);
        plain.Owner = null;
        _handshake = ClientTls.BeginAsync(plain.Detach(), isDirect ? first : [], _gate, isDirect);
        _ = WakeAfterAsync(_handshake);
        return true;
    }

    private async Task WakeAfterAsync(Task task)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        finally
        {
            Raise();
        }
    }

    private bool LookAtTls()
    {
        if (_handshake is not { IsCompleted: true } done)
            return false;
        if (!done.IsCompletedSuccessfully || done.Result is not { } secure)
        {
            _isWireClosed = true;
            return BeginLeaving();
        }

        _wire = secure;
        _wire.Owner = this;
        _in.Secure(_wire);
        _out.Secure(_wire);
        Enter(SessionStage.Greeting);
        return true;
    }

    private void BeginProof(StartupPacket packet)
    {
        _packet = packet;
        User = packet.User;
        Database = packet.Database;
        _name = packet.Get("application_name") is { Length: > 0 } name ? name : $"{User}@{Peer.Address}";
        if (packet.Minor > StartupReader.MinorMax || packet.UnknownOptions.Count > 0)
            _out.Messages.NegotiateVersion(Math.Min(packet.Minor, StartupReader.MinorMax), packet.UnknownOptions);
        Enter(SessionStage.Proving);
        var peer = (_wire as SecureWire)?.PeerName is { } certificate ? Peer with { Certificate = certificate } : Peer;
        var asked = _gate.AdmitAsync(packet, peer, IsSecure);
        if (asked.IsCompletedSuccessfully)
        {
            Admit(asked.Result);
            return;
        }

        _asked = asked.AsTask();
        _ = WakeAfterAsync(_asked);
    }

    private void Admit(Admission admission)
    {
        _admission = admission;
        if (admission.Refusal is { } refusal)
        {
            Refuse(refusal);
            return;
        }

        switch (admission.Proof)
        {
            case ProofKind.None:
                Proved(Admission.Shown.Nothing);
                return;
            case ProofKind.Password:
                _out.Messages.AuthenticationCleartext();
                break;
            case ProofKind.Md5:
                _salt = RandomNumberGenerator.GetBytes(Md5Secret.SaltBytes);
                _out.Messages.AuthenticationMd5(_salt);
                break;
            case ProofKind.Scram:
                var binding = IsSecure ? _gate.Certificate?.Binding : null;
                _scram = new ScramServer(admission.Scram ?? ScramSecret.Mock(User, _gate.HouseKey),
                    Convert.ToBase64String(RandomNumberGenerator.GetBytes(18)), binding, admission.Scram is null)
                {
                    User = User,
                };
                _out.Messages.AuthenticationSasl(binding is not null);
                break;
        }

        _out.Flush();
    }

    private bool Prove()
    {
        if (_asked is { } asked)
        {
            if (!asked.IsCompleted)
                return false;
            _asked = null;
            Admit(asked.IsCompletedSuccessfully ? asked.Result : PoolGate.Failed(asked.Exception));
            return true;
        }

        _out.Drain();
        while (true)
        {
            if (MessageHeader.TryRead(_in.Here, out var kind, out var bytes))
            {
                if (kind != MessageKind.Password || bytes is < 0 or > PasswordMessage.BodyBytesMax)
                    return Violation($"expected a password, got a message '{Shown(kind)}'");
                if (_in.Count >= MessageHeader.Bytes + bytes)
                {
                    var body = _in.Here.Slice(MessageHeader.Bytes, bytes).ToArray();
                    _in.Take(MessageHeader.Bytes + bytes);
                    return TakeProof(body);
                }
            }

            var wanted = bytes > 0 && bytes <= PasswordMessage.BodyBytesMax ? MessageHeader.Bytes + bytes : 0;
            if (!_in.Receive(wanted))
                return (_in.IsOver || _out.IsBroken) && LeaveSilently();
        }
    }

    private bool TakeProof(byte[] body)
    {
        if (_scram is not null)
            return TakeScram(body);
        if (!PasswordMessage.TryRead(body, out var password))
            return Violation("invalid message format of a password");
        var admission = _admission!;
        var isGood = admission.Proof == ProofKind.Md5
            ? admission.Secret is { } secret && Md5Secret.Matches(
                Md5Secret.IsHash(secret) ? secret : Md5Secret.Hash(User, secret), _salt!, password)
            : admission.IsPass || SecretCheck.Matches(admission.Secret, User, password);
        if (!isGood)
            return Refuse(WrongPassword(User));
        Proved(new Admission.Shown(
            admission.Proof == ProofKind.Password ? Encoding.UTF8.GetString(password) : null, null));
        return true;
    }

    private bool TakeScram(byte[] body)
    {
        if (!_scramHasBegun)
        {
            _scramHasBegun = true;
            if (!_scram!.First(body, out var first, out var wrong))
                return Refuse(wrong!);
            _out.Messages.AuthenticationSaslContinue(first);
            _out.Flush();
            return true;
        }

        if (!_scram!.Final(body, out var final, out var fault))
            return Refuse(fault!);
        _out.Messages.AuthenticationSaslFinal(final);
        Proved(new Admission.Shown(null, _scram.ClientKey));
        return true;
    }

    public static PgError WrongPassword(string user) =>
        PgError.Fatal(SqlStates.InvalidPassword, $"password authentication failed for user \"{user}\"");
}
