using System.Net;
using Weir.Core.Pooling.Messages;
using Weir.Spill;

namespace Weir.Pooling;

// Who gets into the console, the database "pgbouncer".
//  1. Over a unix socket: whoever Weir itself runs as, without a proof, for everything.
//  2. pool.admin-users for everything, pool.stats-users to look; by the proof that every client gives.
//  3. Where neither list is given, in weir pool: with auth trust everybody on this machine; else the URL's own user.
internal sealed partial class PoolGate
{
    private static readonly int s_ownUser = SpillPlace.UserId();

    /// <summary>False: such a client is none of the console's; what it names may be a database.</summary>
    private bool AdmitsConsole(GateFacts facts, StartupPacket packet, ClientPeer peer, out bool isAdmin)
    {
        var options = facts.Options;
        isAdmin = IsOwn(peer) || options.AdminUsers.Contains(packet.User);
        if (isAdmin || options.StatsUsers.Contains(packet.User))
            return true;
        // In weir run the lists alone count: its instances are trusted with their own database.
        if (options.Databases.Count == 0)
            return false;
        if (options.AdminUsers.Count == 0 && options.StatsUsers.Count == 0)
            isAdmin = options.Auth is PoolAuth.Trust or PoolAuth.Any ? IsHere(peer) : _pools.NamesUser(packet.User);
        return true;
    }

    private async ValueTask<Admission> AdmitConsoleAsync(
        GateFacts facts, StartupPacket packet, ClientPeer peer, bool isAdmin)
    {
        var mayLook = isAdmin || facts.Options.StatsUsers.Contains(packet.User);
        var entry = mayLook ? new Admission.Entry(null, null, "") { IsConsole = true, IsConsoleAdmin = isAdmin }
            : new Admission.Entry(null, PgError.Fatal(SqlStates.InsufficientPrivilege,
                $"user \"{packet.User}\" may not use the console (pool.admin-users, pool.stats-users)"), "");
        if (IsOwn(peer))
            return new Admission { Proof = ProofKind.None, Enter = _ => entry };
        // Refused only behind the proof: nobody learns here which users there are.
        return await AdmitUserAsync(facts, packet, peer).ConfigureAwait(false) with { Enter = _ => entry };
    }

    private static bool IsOwn(ClientPeer peer) => peer.IsUnix && peer.UserId >= 0 && peer.UserId == s_ownUser;

    private static bool IsHere(ClientPeer peer) =>
        peer.IsUnix || (IPAddress.TryParse(peer.Address, out var address) && IPAddress.IsLoopback(address));
}
