using System.Security.Authentication;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>libpq's ssl_min_protocol_version and ssl_max_protocol_version.</summary>
internal static class TlsVersions
{
    private static readonly string[] s_words = ["TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

    /// <summary>What Weir speaks, by its place among the words.</summary>
    private static readonly (int Rank, SslProtocols Protocol)[] s_spoken =
        [(2, SslProtocols.Tls12), (3, SslProtocols.Tls13)];

    /// <param name="problem">What is wrong with them, or beyond Weir; empty where nothing is.</param>
    public static SslProtocols Read(DatabaseUrl url, out string problem)
    {
        problem = "";
        var least = Rank(url, "ssl_min_protocol_version", 2, ref problem);
        var most = Rank(url, "ssl_max_protocol_version", s_words.Length - 1, ref problem);
        var allowed = s_spoken.Where(one => one.Rank >= least && one.Rank <= most)
            .Aggregate(SslProtocols.None, (all, one) => all | one.Protocol);
        if (allowed == SslProtocols.None && problem.Length == 0)
            problem = "ssl_max_protocol_version: Weir speaks TLS 1.2 and 1.3, and neither is allowed";
        return allowed;
    }

    private static int Rank(DatabaseUrl url, string parameter, int byDefault, ref string problem)
    {
        if (url.Get(parameter) is not { Length: > 0 } word)
            return byDefault;
        var rank = Array.FindIndex(s_words, one => one.Equals(word, StringComparison.OrdinalIgnoreCase));
        if (rank < 0)
            problem = $"{parameter}: '{word}' is none of {string.Join(", ", s_words)}";
        return rank;
    }
}
