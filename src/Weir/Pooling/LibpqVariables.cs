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
        ("PGSSLROOTCERT", "sslrootcert", ""), ("PGSSLCERT", "sslcert", ""), ("PGSSLKEY", "sslkey", ""),
    ];

    /// <summary>The URL with what the environment adds to it.</summary>
    public static DatabaseUrl Apply(DatabaseUrl url, IReadOnlyDictionary<string, string> environment)
    {
        var more = s_rows
            .Where(row => environment.GetValueOrDefault(row.Variable) is { Length: > 0 } && !Says(url, row.Parameter))
            .Select(row => KeyValuePair.Create(row.Parameter, environment[row.Variable]));
        var password = url.Password is { Length: > 0 } own ? own : environment.GetValueOrDefault("PGPASSWORD");
        return url with { Parameters = [.. url.Parameters, .. more], Password = password };
    }

    /// <summary>
    /// An app's URL for loopback, which says so wherever the original or the environment said something else: such a
    /// driver knows the word, and one that asks for TLS unless it is told not to (lib/pq) is told.
    /// </summary>
    /// <param name="original">As <see cref="Apply"/> gave it.</param>
    public static string OnLoopback(string url, DatabaseUrl original)
    {
        foreach (var (_, parameter, here) in s_rows)
        {
            var isSaid = url.Contains($"?{parameter}=", StringComparison.Ordinal)
                || url.Contains($"&{parameter}=", StringComparison.Ordinal);
            if (here.Length > 0 && !isSaid && Says(original, parameter))
                url = $"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}{parameter}={here}";
        }

        return url;
    }

    private static bool Says(DatabaseUrl url, string parameter) =>
        url.Parameters.Any(said => said.Key == parameter);
}
