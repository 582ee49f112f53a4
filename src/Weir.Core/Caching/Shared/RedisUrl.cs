using System.Globalization;
using Weir.Core.Pooling.Addresses;

namespace Weir.Core.Caching.Shared;

/// <summary>
/// Where a Redis is and as whom to log in: <c>redis://[[user]:password@]host[:port][/database]</c>, <c>rediss://</c>
/// for TLS, <c>unix://[[user]:password@]/path[?db=N]</c>; the manner of redis-cli and of most libraries. A certificate
/// is always checked; <c>?ca=FILE</c> gives the roots for it, <c>name=</c> the name in it, <c>cert=</c> and <c>key=</c>
/// our own.
/// </summary>
internal sealed record RedisUrl
{
    public const int PortDefault = 6379;

    /// <summary>Redis refuses more at start; the number is only bounded so that it is one.</summary>
    private const int DatabaseMax = 1_000_000;

    private const string TheForm = "; the form is redis://[user:password@]host[:port][/database], rediss://… for TLS, "
        + "unix:///path/to/socket";

    private const string BadEncoding = "the user or password is not percent-encoded rightly; write % as %25, @ as %40, "
        + ": as %3A, / as %2F, ? as %3F and # as %23";

    /// <summary>Empty where it is a unix socket.</summary>
    public string Host { get; private init; } = "";

    public int Port { get; private init; } = PortDefault;

    /// <summary>Null where it is not a unix socket.</summary>
    public string? SocketPath { get; private init; }

    /// <summary>Empty: Redis' user <c>default</c>.</summary>
    public string User { get; private init; } = "";

    /// <summary>Null: there is no log-in.</summary>
    public string? Password { get; private init; }

    public int Database { get; private init; }
    public bool IsTls { get; private init; }

    /// <summary>A PEM file of the roots to trust; null: the system's.</summary>
    public string? RootFile { get; private init; }

    /// <summary>The name that the certificate must have; null: the host.</summary>
    public string? ServerName { get; private init; }

    /// <summary>A PEM file of our own certificate, and of its key; both or neither.</summary>
    public string? CertificateFile { get; private init; }

    public string? KeyFile { get; private init; }

    /// <summary>For people and logs: without the password.</summary>
    public string Shown
    {
        get
        {
            var at = User.Length > 0 ? User + "@" : "";
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return SocketPath is not null
                ? string.Create(CultureInfo.InvariantCulture, $"unix://{at}{SocketPath}?db={Database}")
                : string.Create(
                    CultureInfo.InvariantCulture, $"redis{(IsTls ? "s" : "")}://{at}{host}:{Port}/{Database}");
        }
    }

    public override string ToString() => Shown;

    /// <summary>
    /// Null with the problem in words; they never hold what was read, since that may be a password.
    /// </summary>
    public static RedisUrl? Read(string text, out string problem)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = end < 0 ? "" : text[..end].ToLowerInvariant();
        if (scheme is not ("redis" or "rediss" or "unix"))
        {
            problem = "a Redis URL begins with redis://, rediss:// or unix://" + TheForm;
            return null;
        }

        if (text.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0 || text.Contains('\x7f', StringComparison.Ordinal))
        {
            problem = "a URL has no blanks and no control characters; write a blank as %20";
            return null;
        }

        var parts = UrlParts.Split(text[(end + 3)..]);
        if (text.Contains('#', StringComparison.Ordinal) || parts.IsCutInSecret)
        {
            problem = BadEncoding;
            return null;
        }

        if (UrlText.Decode(parts.User) is not { } user
            || (parts.Password is null ? "" : UrlText.Decode(parts.Password)) is not { } password)
        {
            problem = BadEncoding;
            return null;
        }

        if (user.Length > 0 && parts.Password is null)
        {
            problem = "a user is given without a password; a password alone is written :password@";
            return null;
        }

        var url = new RedisUrl
        {
            User = user,
            Password = parts.Password is null ? null : password,
            IsTls = scheme == "rediss",
        };
        return scheme == "unix" ? OfSocket(url, parts, out problem) : OfHost(url, parts, out problem);
    }

    private static RedisUrl? OfSocket(RedisUrl url, UrlParts parts, out string problem)
    {
        problem = "";
        if (parts.Hosts.Length > 0 || parts.Database is not { Length: > 0 } path
            || UrlText.Decode(path) is not { } decoded)
        {
            problem = "a socket is written unix:///path/to/socket, with three slashes";
            return null;
        }

        return WithQuery(url with { SocketPath = "/" + decoded }, parts.Query, out problem);
    }

    private static RedisUrl? OfHost(RedisUrl url, UrlParts parts, out string problem)
    {
        if (parts.Hosts.Contains(',', StringComparison.Ordinal))
        {
            problem = "one Redis, not several: clusters and sentinels are not supported" + TheForm;
            return null;
        }

        if (UrlHosts.Read(parts.Hosts, null, null, out problem) is not { } hosts)
            return null;
        if (hosts.Hosts is not [var (host, _)])
        {
            problem = "a host is missing" + TheForm;
            return null;
        }

        // UrlHosts knows PostgreSQL's port as the usual one.
        var isPortGiven = parts.Hosts[^1] != ']' && parts.Hosts.LastIndexOf(':') is >= 0 and var colon
            && colon + 1 < parts.Hosts.Length;
        url = url with { Host = host, Port = isPortGiven ? hosts.Port : PortDefault };
        if (parts.Database is { Length: > 0 } database)
        {
            if (!TryDatabase(database, out var number))
            {
                problem = "the database of a Redis is a number: redis://host:6379/0";
                return null;
            }

            url = url with { Database = number };
        }

        return WithQuery(url, parts.Query, out problem);
    }

    private static RedisUrl? WithQuery(RedisUrl url, string query, out string problem)
    {
        if (UrlParameter.ReadAll(query, out problem) is not { } parameters)
            return null;
        foreach (var parameter in parameters)
        {
            var isFile = parameter.Name is "ca" or "cert" or "key" or "name";
            var database = 0;
            // First of all: another name may be a piece of a password, and is not repeated.
            if (!isFile && parameter.Name != "db")
                problem = "the query may have db, ca, cert, key and name, nothing else";
            else if (isFile && !url.IsTls)
                problem = $"{parameter.Name}= is for TLS, which is written rediss://";
            else if (parameter.Value.Length == 0)
                problem = $"{parameter.Name}= has no value";
            else if (parameter.Name == "db" && !TryDatabase(parameter.Value, out database))
                problem = "db= is not a number";
            if (problem.Length > 0)
                return null;
            url = parameter.Name switch
            {
                "db" => url with { Database = database },
                "ca" => url with { RootFile = parameter.Value },
                "cert" => url with { CertificateFile = parameter.Value },
                "key" => url with { KeyFile = parameter.Value },
                _ => url with { ServerName = parameter.Value },
            };
        }

        if (url.CertificateFile is null == url.KeyFile is null)
            return url;
        problem = "cert= and key= belong together";
        return null;
    }

    private static bool TryDatabase(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= DatabaseMax;
}
