namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// Read as libpq does (PostgreSQL's manual, "Connection URIs") where drivers agree with it; where they do not, the
/// reading that works for more of them: the last @ before the path ends the password (Python, WHATWG), and a parameter
/// may have no value.
/// </summary>
internal sealed partial record DatabaseUrl
{
    private static readonly string[] s_schemes =
        ["postgres", "postgresql", "postgis", "pgsql", "psql", "timescale", "timescalegis"];

    /// <summary>True where the text's scheme is PostgreSQL's, whatever the rest.</summary>
    public static bool Names(string text)
    {
        var end = text.IndexOf("://", StringComparison.Ordinal);
        if (end < 0)
            return false;
        var scheme = text.AsSpan(0, end);
        var plus = scheme.IndexOf('+');
        var first = plus < 0 ? scheme : scheme[..plus];
        foreach (var letter in scheme)
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('+' or '-' or '.' or '_'))
                return false;
        }

        foreach (var name in s_schemes)
        {
            if (first.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Null with the problem in words, which never hold a piece of the URL that could be secret.</summary>
    public static DatabaseUrl? Parse(string text, out string problem)
    {
        problem = FaultOfText(text);
        if (problem.Length > 0)
            return null;
        var start = text.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var parts = UrlParts.Split(text[start..]);
        problem = parts.IsCutInSecret
            ? "an @ stands behind the host: in user and password write / as %2F, ? as %3F and @ as %40"
            : "";
        if (problem.Length > 0)
            return null;
        if (UrlParameter.ReadAll(parts.Query, out problem) is not { } parameters)
            return null;
        if (UrlText.Decode(parts.User) is not { } user || UrlText.Decode(parts.Database ?? "") is not { } database
            || UrlText.Decode(parts.Password ?? "") is not { } password)
        {
            problem = "user, password or database is not percent-encoded rightly: write % as %25";
            return null;
        }

        var hosts = UrlHosts.Read(parts.Hosts, Last(parameters, "host"), Last(parameters, "port"), out problem);
        if (hosts is null || !TryReadSslMode(parameters, out var sslMode, out problem))
            return null;
        // As with libpq, the query may name them too, and then holds.
        user = Last(parameters, "user") ?? user;
        database = Last(parameters, "dbname") ?? database;
        return new DatabaseUrl
        {
            Scheme = text[..(start - "://".Length)],
            User = user,
            Password = Last(parameters, "password") ?? (parts.Password is null ? null : password),
            Hosts = hosts.Hosts,
            SocketDirectory = hosts.SocketDirectory,
            Port = hosts.Port,
            Database = database.Length > 0 ? database : user,
            Parameters = [.. parameters.Select(each => new KeyValuePair<string, string>(each.Name, each.Value))],
            SslMode = sslMode,
            Parts = parts,
            Written = parameters,
        };
    }

    private static string FaultOfText(string text)
    {
        if (!Names(text))
            return "this is no URL of PostgreSQL: write it like postgres://user:password@host:5432/database";
        if (text.Length > LengthMax)
            return $"the URL is longer than {LengthMax} characters";
        return text.Any(char.IsControl) ? "the URL has control characters" : "";
    }

    private static bool TryReadSslMode(IReadOnlyList<UrlParameter> parameters, out PgSslMode mode, out string problem)
    {
        // Their connection is in a file that Weir does not read, so that it cannot know where to go.
        problem = Last(parameters, "service") is null ? "" : "service= is not supported: write the host into the URL";
        mode = PgSslMode.Prefer;
        var (name, value) = ("sslmode", Last(parameters, "sslmode"));
        if (value is null)
            (name, value) = ("ssl", Last(parameters, "ssl"));
        if (value is null)
        {
            // The system's roots are trusted by libpq only together with the name's check.
            if (Last(parameters, "sslrootcert") == "system")
                mode = PgSslMode.VerifyFull;
            else if (Last(parameters, "requiressl") == "1")
                mode = PgSslMode.Require;
            return problem.Length == 0;
        }

        PgSslMode? known = value.ToLowerInvariant() switch
        {
            "disable" or "false" or "0" => PgSslMode.Disable,
            "allow" => PgSslMode.Allow,
            "prefer" => PgSslMode.Prefer,
            // The last of them is node-postgres's word for what libpq calls require.
            "require" or "true" or "1" or "" or "no-verify" => PgSslMode.Require,
            "verify-ca" => PgSslMode.VerifyCa,
            "verify-full" => PgSslMode.VerifyFull,
            _ => null,
        };
        if (known is null)
            problem = $"{name} is not one of disable, allow, prefer, require, verify-ca, verify-full";
        mode = known ?? mode;
        return problem.Length == 0;
    }

    private static string? Last(IReadOnlyList<UrlParameter> parameters, string name)
    {
        for (var index = parameters.Count - 1; index >= 0; index--)
        {
            if (parameters[index].Name == name)
                return parameters[index].Value;
        }

        return null;
    }
}
