using System.Net;
using System.Net.Sockets;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

// Where the server is, as one list of addresses: host by host as the URL has them, and the addresses of one name by
// turns. One that failed goes to the end for a while, and then one log-in tries it again, so that a dead first host
// costs its time-out once in that while and not at each log-in.

/// <summary>Where a pool's server connections go, and as whom.</summary>
internal sealed class ServerTarget
{
    /// <summary>How long one that failed is tried last. As often as names are looked up again.</summary>
    public const long ShunMicros = 30_000_000;

    private readonly Lock _lock = new();
    private Place[] _places = [];
    private int _turn;

    public required ServerWay Way { get; init; }

    /// <summary>As the URL says it; null: it does not.</summary>
    public TimeSpan? ConnectTimeout { get; init; }

    public required string Database { get; init; }
    public required string User { get; init; }
    public string Password { get; set; } = "";

    /// <summary>Keys that a client's own SCRAM log-in gave, where no password is known.</summary>
    public ServerKeys? Keys { get; set; }

    /// <summary>The first host; empty for a unix socket. For people.</summary>
    public string Host => Way.Hosts.Count > 0 ? Way.Hosts[0].Host : "";

    /// <summary>For people.</summary>
    public string Address => Way.Address;

    /// <summary>What the names were found to be; empty until they were looked up, and for a unix socket.</summary>
    public IReadOnlyList<string> Addresses => Way.IsUnix ? []
        : [.. Volatile.Read(ref _places).Select(place => place.Address.EndPoint).OfType<IPEndPoint>()
            .Select(end => end.Address.ToString())];

    /// <summary>True once names were looked up, or where none have to be.</summary>
    public bool IsResolved => Volatile.Read(ref _places).Length > 0;

    /// <summary>True: it has names, whose addresses may change.</summary>
    public bool HasNames => !Way.IsUnix && Way.Hosts.Where((host, index) => AddressOf(index) is null).Any();

    /// <summary>As a URL says it.</summary>
    public static ServerTarget Of(
        DatabaseUrl server, ServerWay way, string database, string user, string password) => new()
        {
            Way = way,
            ConnectTimeout = server.ConnectTimeout is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            Database = database,
            User = user,
            Password = password,
        };

    /// <summary>All addresses in the order in which this log-in is to try them. Only once it is resolved.</summary>
    public ServerAddress[] InOrder(long now)
    {
        lock (_lock)
        {
            var turn = _turn++;
            var good = new List<ServerAddress>(_places.Length);
            List<Place>? shunned = null;
            for (var start = 0; start < _places.Length;)
            {
                var end = Way.IsBalanced ? _places.Length : EndOfName_NeedsLock(start);
                for (var index = 0; index < end - start; index++)
                {
                    var place = _places[start + (int)((uint)(turn + index) % (uint)(end - start))];
                    if (place.ShunnedUntil > now)
                        (shunned ??= []).Add(place);
                    else
                        good.Add(Try(place, now));
                }

                start = end;
            }

            if (shunned is not null)
                good.AddRange(shunned.OrderBy(place => place.ShunnedUntil).Select(place => place.Address));
            return [.. good];
        }
    }

    /// <summary>One log-in tries it: until it has succeeded, no other waits for the same answer.</summary>
    private static ServerAddress Try(Place place, long now)
    {
        if (place.ShunnedUntil != 0)
            place.ShunnedUntil = now + ShunMicros;
        return place.Address;
    }

    /// <summary>It could not be reached, or was not what is wanted.</summary>
    public void Failed(ServerAddress address, long now) => Shun(address, now + ShunMicros);

    public void Worked(ServerAddress address) => Shun(address, 0);

    /// <summary>False: its name leads elsewhere now.</summary>
    public bool Has(ServerAddress address)
    {
        lock (_lock)
            return Array.Exists(_places, place => place.Address == address);
    }

    /// <summary>
    /// Looks the names up. Those that cannot be looked up keep the addresses they had. True: there are others than
    /// before. Blocks.
    /// </summary>
    /// <exception cref="SocketException">None was ever known.</exception>
    public bool LookUp()
    {
        SocketException? fault = null;
        var found = new List<ServerAddress>();
        if (Way.SocketDirectory is { } directory)
            found.Add(new ServerAddress("", Way.Port, Socket(directory)));
        for (var index = 0; index < Way.Hosts.Count; index++)
        {
            var (host, port) = Way.Hosts[index];
            try
            {
                var addresses = AddressOf(index) is { } one ? [one] : Dns.GetHostAddresses(host);
                found.AddRange(addresses.Select(
                    each => new ServerAddress(host, port, new IPEndPoint(each, port).Serialize())));
            }
            catch (SocketException unknown)
            {
                fault = unknown;
                lock (_lock)
                    found.AddRange(_places.Select(place => place.Address)
                        .Where(known => known.Host == host && known.Port == port));
            }
        }

        return found.Count > 0 ? Adopt([.. found.Distinct()])
            : throw fault ?? new SocketException((int)SocketError.HostNotFound);
    }

    private bool Adopt(ServerAddress[] found)
    {
        lock (_lock)
        {
            var next = found.Select(address =>
                Array.Find(_places, place => place.Address == address) ?? new Place(address)).ToArray();
            var isChanged = next.Length != _places.Length || next.Except(_places).Any();
            Volatile.Write(ref _places, next);
            return isChanged;
        }
    }

    private int EndOfName_NeedsLock(int start)
    {
        var end = start + 1;
        while (end < _places.Length && _places[end].Address.Host == _places[start].Address.Host
            && _places[end].Address.Port == _places[start].Address.Port)
            end++;
        return end;
    }

    private void Shun(ServerAddress address, long until)
    {
        lock (_lock)
        {
            if (Array.Find(_places, place => place.Address == address) is { } place)
                place.ShunnedUntil = until;
        }
    }

    private IPAddress? AddressOf(int index)
    {
        var known = Way.HostAddresses;
        var text = index < known.Count && known[index].Length > 0 ? known[index] : Way.Hosts[index].Host;
        return IPAddress.TryParse(text, out var address) ? address : null;
    }

    private SocketAddress Socket(string directory)
    {
        var path = Path.Combine(directory, $".s.PGSQL.{Way.Port}");
        // Linux names an abstract socket with a zero in front, PostgreSQL writes it as @.
        return new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path).Serialize();
    }

    private sealed class Place(ServerAddress address)
    {
        public ServerAddress Address { get; } = address;

        /// <summary>0: it worked when it was tried last, or was not tried.</summary>
        public long ShunnedUntil { get; set; }
    }
}
