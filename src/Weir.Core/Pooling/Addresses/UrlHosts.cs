using System.Buffers;
using System.Globalization;

namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// Where a URL says the server is: hosts in their order, or one directory of unix sockets, or nothing.
/// </summary>
/// <param name="Port">Of the socket; else of the first host.</param>
internal sealed record UrlHosts(IReadOnlyList<(string Host, int Port)> Hosts, string? SocketDirectory, int Port)
{
    private const string BadPort = "a port is not a number from 1 to 65535";
    private const string BadEncoding = "the host is not percent-encoded rightly; write % as %25";
    private static readonly SearchValues<char> s_neverInHosts = SearchValues.Create(" \t/?#@[]\"'\\");

    /// <summary>
    /// Reads <c>host[:port][,host[:port]]…</c>; libpq lets <c>host=</c> and <c>port=</c> of the query take its place.
    /// The problem never holds what was read: a password with an unencoded sign may have come to stand there.
    /// </summary>
    public static UrlHosts? Read(string authority, string? queryHosts, string? queryPorts, out string problem)
    {
        var hosts = new List<string>();
        var ports = new List<string>();
        problem = queryHosts is null
            ? Split(authority, hosts, ports)
            // The address in the authority must be whole even where it does not count.
            : Split(authority, [], ports);
        if (problem.Length > 0)
            return null;
        if (queryHosts is not null)
        {
            hosts.AddRange(queryHosts.Split(','));
            if (ports.Count != hosts.Count)
                ports = [.. Enumerable.Repeat(ports is [var only] ? only : "", hosts.Count)];
        }

        if (queryPorts is not null)
        {
            var given = queryPorts.Split(',');
            if (given.Length != 1 && given.Length != hosts.Count)
            {
                problem = $"{given.Length} ports do not match {hosts.Count} hosts";
                return null;
            }

            ports = [.. hosts.Select((_, index) => given[given.Length == 1 ? 0 : index])];
        }

        return Join(hosts, ports, out problem);
    }

    private static string Split(string authority, List<string> hosts, List<string> ports)
    {
        foreach (var part in authority.Split(','))
        {
            var (host, port) = (part, "");
            if (part.StartsWith('['))
            {
                var end = part.IndexOf(']', StringComparison.Ordinal);
                if (end < 2 || (end + 1 < part.Length && part[end + 1] != ':'))
                    return "the brackets of an IPv6 address are not closed, or more than a port follows them";
                host = part[1..end];
                port = end + 1 < part.Length ? part[(end + 2)..] : "";
                if (!host.Contains(':', StringComparison.Ordinal))
                    return "what stands in brackets is no IPv6 address";
            }
            else if (part.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon)
            {
                host = part[..colon];
                port = part[(colon + 1)..];
            }

            if (UrlText.Decode(host) is not { } decodedHost || UrlText.Decode(port) is not { } decodedPort)
                return BadEncoding;
            hosts.Add(decodedHost);
            ports.Add(decodedPort);
        }

        return "";
    }

    private static UrlHosts? Join(List<string> hosts, List<string> ports, out string problem)
    {
        problem = "";
        var joined = new List<(string, int)>();
        for (var index = 0; index < hosts.Count; index++)
        {
            var port = DatabaseUrl.PortDefault;
            if (ports[index].Length > 0
                && (!int.TryParse(ports[index], NumberStyles.None, CultureInfo.InvariantCulture, out port)
                    || port is < 1 or > 65535))
                problem = BadPort;
            else if (hosts[index].AsSpan().IndexOfAny(s_neverInHosts) >= 0 && !IsSocket(hosts[index]))
                problem = "a host has a character that no host has; in user and password write @ as %40, / as %2F, "
                    + ": as %3A, ? as %3F, # as %23 and % as %25";
            joined.Add((hosts[index], port));
        }

        if (problem.Length > 0)
            return null;
        if (joined is [var (host, only)] && (host.Length == 0 || IsSocket(host)))
            return new UrlHosts([], host.Length == 0 ? null : host, only);
        if (joined.Exists(pair => pair.Item1.Length == 0 || IsSocket(pair.Item1)))
        {
            problem = "several hosts of which one is empty or a socket are not supported";
            return null;
        }

        return new UrlHosts(joined, null, joined[0].Item2);
    }

    /// <summary>A directory, or a name in the abstract namespace.</summary>
    private static bool IsSocket(string host) => host.StartsWith('/') || host.StartsWith('@');
}
