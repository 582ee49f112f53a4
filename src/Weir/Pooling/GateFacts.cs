using System.Collections.Concurrent;
using System.Security.Cryptography;
using Weir.Core.Pooling.Secrets;

namespace Weir.Pooling;

/// <summary>The gate's options with the files they name, read once.</summary>
/// <param name="Users">Null where no list is given.</param>
internal sealed record GateFacts(PoolOptions Options, UserList? Users, PoolCertificate? Certificate)
{
    /// <exception cref="FormatException">A file cannot be used; the message names it.</exception>
    public static GateFacts Read(PoolOptions options) =>
        new(options, ReadUsers(options.AuthFile), PoolCertificate.Read(options));

    /// <summary>More than a list of users has; those of an auth query may be any number.</summary>
    private const int DerivedMax = 1000;

    private readonly ConcurrentDictionary<string, ScramSecret> _derived = new();

    public StartupBook Startups { get; } = new(Options.IgnoreStartupParameters);

    /// <summary>
    /// The SCRAM secret of a stored one; null: it is an MD5 hash, and has none. A password's is worked out once, as in
    /// a server that keeps it: thousands of hashes at each connect would cost more than all the rest of it.
    /// </summary>
    public ScramSecret? ScramOf(string secret)
    {
        if (ScramSecret.Parse(secret) is { } stored)
            return stored;
        if (Md5Secret.IsHash(secret))
            return null;
        if (_derived.Count >= DerivedMax)
            _derived.Clear();
        return _derived.GetOrAdd(secret, static password => ScramSecret.Of(
            password, RandomNumberGenerator.GetBytes(16), ScramSecret.IterationsDefault));
    }

    private static UserList? ReadUsers(string file)
    {
        if (file.Length == 0)
            return null;
        try
        {
            var faults = new List<string>();
            var users = UserList.Read(File.ReadAllText(file), faults);
            return faults.Count == 0 ? users
                : throw new FormatException($"pool.auth-file {file}: {string.Join("; ", faults)}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"pool.auth-file {file}: {fault.Message}", fault);
        }
    }
}
