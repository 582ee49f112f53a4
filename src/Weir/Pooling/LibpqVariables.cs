using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>
/// What libpq takes from the environment where a URL does not say it. Of an app that is led through the pooler these
/// are meant for the way to the server, and must not hold for the few inches to the pooler: with PGSSLMODE=require in
/// its environment no app could speak to a plain loopback socket.
/// </summary>
internal static class LibpqVariables
{
    /// <summary>The variable, the parameter that it stands for, and what that is on loopback.</summary>
    private static readonly (string Variable, string Parameter, string Here)[] s_rows =
    [
        ("PGSSLMODE", "sslmode", "disable"), ("PGCHANNELBINDING", "channel_binding", "disable"),
        ("PGGSSENCMODE", "gssencmode", "disable"), ("PGSSLNEGOTIATION", "sslnegotiation", "postgres"),
        // By its password an instance is known to the pooler.
        ("PGREQUIREAUTH", "require_auth", "password"), ("PGREQUIREPEER", "requirepeer", ""),
        ("PGSSLMINPROTOCOLVERSION", "ssl_min_protocol_version", ""),
        ("PGSSLMAXPROTOCOLVERSION", "ssl_max_protocol_version", ""), ("PGSSLCRL", "sslcrl", ""),
        ("PGSSLCRLDIR", "sslcrldir", ""), ("PGSSLROOTCERT", "sslrootcert", ""), ("PGSSLCERT", "sslcert", ""),
        ("PGSSLKEY", "sslkey", ""), ("PGSSLCERTMODE", "sslcertmode", ""),
        ("PGTARGETSESSIONATTRS", "target_session_attrs", ""), ("PGLOADBALANCEHOSTS", "load_balance_hosts", ""),
    ];

    /// <summary>The URL of this text, with what the environment adds to it; null with what is wrong.</summary>
    public static DatabaseUrl? Parse(
        string text, IReadOnlyDictionary<string, string> environment, out string problem)
    {
        if (DatabaseUrl.Parse(text, out problem) is not { } bare)
            return null;
        foreach (var (variable, parameter, _) in s_rows)
        {
            if (environment.GetValueOrDefault(variable) is { Length: > 0 } value && !Says(bare, parameter))
                text = With(text, parameter, Uri.EscapeDataString(value));
        }

        if (DatabaseUrl.Parse(text, out problem) is not { } url)
            return null;
        return url.Password is null && environment.GetValueOrDefault("PGPASSWORD") is { Length: > 0 } password
            ? url with { Password = password }
            : url;
    }

    /// <summary>
    /// An app's URL for loopback, which says so wherever the original or the environment said something else: such a
    /// driver knows the word, and one that asks for TLS unless it is told not to (lib/pq) is told.
    /// </summary>
    /// <param name="original">As <see cref="Parse"/> gave it.</param>
    public static string OnLoopback(string url, DatabaseUrl original)
    {
        foreach (var (_, parameter, here) in s_rows)
        {
            var isSaid = url.Contains($"?{parameter}=", StringComparison.Ordinal)
                || url.Contains($"&{parameter}=", StringComparison.Ordinal);
            if (here.Length > 0 && !isSaid && Says(original, parameter))
                url = With(url, parameter, here);
        }

        return url;
    }

    private static string With(string url, string parameter, string value) =>
        $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={value}";

    private static bool Says(DatabaseUrl url, string parameter) => url.Get(parameter) is not null;
}
