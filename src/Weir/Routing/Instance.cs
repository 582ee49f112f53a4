using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Weir.Upstream;

namespace Weir.Routing;

/// <summary>One process that serves the app: its address and its kept connections, never more than its slots.</summary>
internal sealed class Instance
{
    private readonly Lock _lock = new();
    private readonly Stack<UpstreamConnection> _idle = new();
    private SocketAddress _socketAddress;
    private long _requests;
    private long _faults;

    public Instance(int index, string name, string address, int slots, bool isAsync)
    {
        Index = index;
        Name = name;
        Address = address;
        Slots = slots;
        IsAsync = isAsync;
        EndPoint = Parse(address);
        _socketAddress = EndPoint is DnsEndPoint dns ? Resolve(dns) : EndPoint.Serialize();
        IsLocal = EndPoint is UnixDomainSocketEndPoint || EndPoint is IPEndPoint ip && IPAddress.IsLoopback(ip.Address);
    }

    public int Index { get; }

    /// <summary>"web.1".</summary>
    public string Name { get; set; }

    /// <summary>Leases that were taken up here so far.</summary>
    public long Requests => Volatile.Read(ref _requests);

    /// <summary>Exchanges that ended here with an H-code.</summary>
    public long Faults => Volatile.Read(ref _faults);

    public void CountRequest() => Interlocked.Increment(ref _requests);

    public void CountFault() => Interlocked.Increment(ref _faults);

    public string Address { get; }
    public EndPoint EndPoint { get; }

    /// <summary>On this machine: refuses or accepts at once, so a short bound on connecting tells the truth.</summary>
    public bool IsLocal { get; }
    public int Slots { get; set; }

    /// <summary>It has left the app; leases of it may still be out.</summary>
    public bool IsRemoved { get; set; }

    /// <summary>A reload took its address away: it drains, and is removed when nothing runs there.</summary>
    public bool IsLeaving => LeavingSince != 0;

    /// <summary>Since when, on the house's clock; 0 = it does not leave.</summary>
    public long LeavingSince { get; set; }

    /// <summary>Has no workers to count: Slots is a limit on requests in flight.</summary>
    public bool IsAsync { get; }

    /// <summary>The address as the kernel takes it; a name's first address, looked up anew now and then.</summary>
    public SocketAddress SocketAddress => Volatile.Read(ref _socketAddress);

    /// <summary>Looks a name up again; keeps the old address where that fails. Blocks: not for I/O threads.</summary>
    public void LookUp()
    {
        if (EndPoint is not DnsEndPoint name)
            return;
        try
        {
            Volatile.Write(ref _socketAddress, Resolve(name));
        }
        catch (SocketException)
        {
            // The name service is away; the address that worked so far is the best there is.
        }
    }

    /// <summary>
    /// Reads "ADDR[=SLOTS|=async]". Throws FormatException with a sentence for the person who wrote it.
    /// </summary>
    public static Instance Read(int index, string name, string text, int slotsDefault, int inFlightMax)
    {
        var equals = text.LastIndexOf('=');
        var address = equals < 0 ? text : text[..equals];
        var count = equals < 0 ? "" : text[(equals + 1)..];
        if (count == "async")
            return new Instance(index, name, address, inFlightMax, isAsync: true);
        var slots = slotsDefault;
        if (equals >= 0 && (!int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out slots)
            || slots is < 1 or > 10_000))
        {
            throw new FormatException(
                $"'{text}': the number of slots after '=' is 1 to 10000, or 'async'; e.g. 127.0.0.1:3000=4");
        }

        return new Instance(index, name, address, slots, isAsync: false);
    }

    public UpstreamConnection? TakeIdle()
    {
        lock (_lock)
            return _idle.TryPop(out var connection) ? connection : null;
    }

    public void KeepIdle(UpstreamConnection connection)
    {
        lock (_lock)
            _idle.Push(connection);
    }

    /// <summary>Closes what has idled too long, and what the app has closed or spoken on unasked.</summary>
    public void CloseIdle(long idleSince)
    {
        List<UpstreamConnection>? old = null;
        lock (_lock)
        {
            if (_idle.Count == 0)
                return;
            foreach (var connection in _idle)
            {
                if (IsOver(connection, idleSince))
                    (old ??= []).Add(connection);
            }

            if (old is null)
                return;
            var kept = _idle.Where(connection => !old.Contains(connection)).Reverse().ToArray();
            _idle.Clear();
            foreach (var connection in kept)
                _idle.Push(connection);
        }

        foreach (var connection in old)
            connection.Close();
    }

    private static bool IsOver(UpstreamConnection connection, long idleSince) =>
        connection.IdleSince < idleSince || !connection.IsQuiet;

    private static SocketAddress Resolve(DnsEndPoint name) =>
        new IPEndPoint(Dns.GetHostAddresses(name.Host)[0], name.Port).Serialize();

    private static EndPoint Parse(string address)
    {
        if (address.StartsWith("unix:", StringComparison.Ordinal))
            return new UnixDomainSocketEndPoint(address["unix:".Length..]);
        var text = address.StartsWith("http://", StringComparison.Ordinal)
            ? address["http://".Length..].TrimEnd('/')
            : address;
        if (text.StartsWith(':'))
            text = "127.0.0.1" + text;
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            throw new FormatException($"'{address}': an instance is host:port or unix:/path; e.g. 127.0.0.1:3000");
        }

        var host = text[..colon].Trim('[', ']');
        if (host == "localhost")
            return new IPEndPoint(IPAddress.Loopback, port);
        return IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(host, port);
    }
}
