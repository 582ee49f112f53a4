using System.Security.Cryptography;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;
using Weir.Pooling.Console;

namespace Weir.Pooling;

/// <summary>Who gets in, by what proof, and to which pool.</summary>
internal sealed partial class PoolGate
{
    private readonly Pools _pools;
    private readonly PassBook _passes;
    private readonly Func<bool> _isFull;
    private readonly Lock _lock = new();
    private readonly ClientBook _clients = new();
    private GateFacts _facts;
    private long _handshakesFailed;

    /// <exception cref="FormatException">A file of the options cannot be used.</exception>
    public PoolGate(PoolOptions options, Pools pools, PassBook passes, Func<bool> isFull)
    {
        _pools = pools;
        _passes = passes;
        _isFull = isFull;
        _facts = GateFacts.Read(options);
    }

    public long LoginMax => Beat.Clock.Micros(_facts.Options.LoginTimeout);
    public PoolCertificate? Certificate => _facts.Certificate;
    public bool AsksCertificate => _facts.Options.Tls >= PgSslMode.VerifyCa;
    public byte[] HouseKey { get; } = RandomNumberGenerator.GetBytes(32);
    public long HandshakesFailed => Volatile.Read(ref _handshakesFailed);

    public StartupBook Startups => Volatile.Read(ref _facts).Startups;

    public void CountHandshakeFailure() => Interlocked.Increment(ref _handshakesFailed);

    /// <exception cref="FormatException">A file of the options cannot be used; the old ones stay.</exception>
    public void Change(PoolOptions next) => Volatile.Write(ref _facts, GateFacts.Read(next));

    public ValueTask<Admission> AdmitAsync(StartupPacket packet, ClientPeer peer, bool isSecure)
    {
        var facts = Volatile.Read(ref _facts);
        var options = facts.Options;
        if (options.Tls >= PgSslMode.Require && !isSecure && !peer.IsUnix)
            return new(Refused("28000", "this pooler takes connections over TLS only; set sslmode=require"));
        // The console before the bound: who must look at a full pooler gets in.
        if (packet.Database == ConsoleDesk.Database && AdmitsConsole(facts, packet, peer, out var isAdmin))
            return AdmitConsoleAsync(facts, packet, peer, isAdmin);
        if (_isFull())
            return new(Refused(SqlStates.TooManyConnections, "sorry, too many clients already (pool.clients-max)"));
        if (_pools.IsDisabled(packet.Database))
            return new(Refused(SqlStates.CannotConnectNow, $"database {packet.Database} is disabled (DISABLE)"));
        if (_passes.HasAny)
            return new(AdmitInstance(packet));
        if (_pools.Find(packet.Database) is null)
            return new(Refused(SqlStates.InvalidCatalogName, $"no such database: {packet.Database}"));
        return AdmitUserAsync(facts, packet, peer);
    }

    /// <summary>A client that proved who it is counts from here on; or, refused, why it does not.</summary>
    public PgError? Enter(string user, string database)
    {
        var options = Volatile.Read(ref _facts).Options;
        var userMax = PoolBounds.Clients(options, options.Find(user));
        var databaseMax = PoolBounds.Clients(options, _pools.Find(database));
        ClientBound bound;
        lock (_lock)
            bound = _clients.Enter(user, userMax, database, databaseMax);
        return bound == ClientBound.None ? null
            : PoolWords.NoMoreClients(bound, user, database, bound == ClientBound.User ? userMax : databaseMax);
    }

    /// <summary>A client that counted has gone.</summary>
    public void Leave(string user, string database)
    {
        lock (_lock)
            _clients.Leave(user, database);
    }

    /// <summary>The auth query failed, or something of ours did.</summary>
    public static Admission Failed(Exception? fault) =>
        Refused(SqlStates.InternalError, $"the log-in could not be checked: {fault?.GetBaseException().Message}");

    private static Admission Refused(string code, string why) => new()
    {
        Refusal = PgError.Fatal(code, why),
        Enter = _ => throw new InvalidOperationException("Nobody enters who was refused."),
    };

    /// <summary>
    /// Within <c>weir run</c> the password is the instance's name: 128 bits that nobody else has, so there is nothing
    /// to work out at each connect, and no other user of this machine gets in.
    /// </summary>
    private Admission AdmitInstance(StartupPacket packet) => new()
    {
        Proof = ProofKind.Password,
        IsPass = true,
        Enter = shown => _passes.Find(shown.Password ?? "") is not { } pass
            ? new Admission.Entry(null, ClientSession.WrongPassword(packet.User), "")
            : pass.User != packet.User
                ? new Admission.Entry(null, ClientSession.WrongPassword(packet.User), "")
                : new Admission.Entry(_pools.OfPass(pass, packet.Database), null, pass.Instance),
    };

    private ValueTask<Admission> AdmitUserAsync(GateFacts facts, StartupPacket packet, ClientPeer peer)
    {
        var options = facts.Options;
        var secret = facts.Users is not null && facts.Users.TryGet(packet.User, out var known) ? known : null;
        var asks = Pools.AuthUserOf(options, _pools.Find(packet.Database)).Length > 0;
        return secret is null && asks && options.Auth is not PoolAuth.Any && !IsConsole(options, packet)
            ? AskAndAdmitAsync(facts, packet, peer)
            : new(AdmitUser(facts, packet, peer, secret, asks));
    }

    private async ValueTask<Admission> AskAndAdmitAsync(GateFacts facts, StartupPacket packet, ClientPeer peer)
    {
        var secret = await _pools.AskSecretAsync(facts.Options, facts.Users, packet).ConfigureAwait(false);
        return AdmitUser(facts, packet, peer, secret, asks: true);
    }

    /// <param name="secret">Of the list of users, or the auth query's answer.</param>
    private Admission AdmitUser(
        GateFacts facts, StartupPacket packet, ClientPeer peer, string? secret, bool asks)
    {
        var options = facts.Options;
        var isListed = facts.Users is null && !asks || secret is not null;
        // Where nobody keeps secrets, the password of the URL is the one secret there is.
        if (facts.Users is null && !asks)
        {
            secret = IsConsole(options, packet) ? _pools.PasswordOf(packet.User)
                : _pools.PasswordOf(packet.Database, packet.User);
        }

        return options.Auth switch
        {
            PoolAuth.Any => Let(packet, ProofKind.None, null, null),
            PoolAuth.Trust => isListed ? Let(packet, ProofKind.None, null, null)
                : Refused(SqlStates.InvalidAuthorization, $"no such user: {packet.User}"),
            PoolAuth.Cert => peer.Certificate == packet.User ? Let(packet, ProofKind.None, null, null)
                : Refused(SqlStates.InvalidAuthorization,
                    $"the certificate is not of user \"{packet.User}\""),
            PoolAuth.Password => Let(packet, ProofKind.Password, secret, null),
            PoolAuth.Md5 when secret is null || ScramSecret.Parse(secret) is null =>
                Let(packet, ProofKind.Md5, secret, null),
            _ => Let(packet, ProofKind.Scram, secret, secret is null ? null : facts.ScramOf(secret)),
        };
    }

    /// <summary>The console, and no database is told to ask for its users.</summary>
    private static bool IsConsole(PoolOptions options, StartupPacket packet) =>
        packet.Database == ConsoleDesk.Database && options.AuthDatabase.Length == 0;

    private Admission Let(StartupPacket packet, ProofKind proof, string? secret, ScramSecret? scram) => new()
    {
        Proof = proof,
        Secret = secret,
        Scram = scram,
        Enter = shown => new Admission.Entry(_pools.Of(packet.Database, packet.User, shown, scram, secret), null, ""),
    };
}
