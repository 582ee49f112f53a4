using System.Security.Cryptography;
using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>The passwords by which instances are known.</summary>
internal sealed class PassBook
{
    private const int SecretBytes = 16;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Pass> _bySecret = [];
    private bool _hadAny;

    /// <summary>True from the first pass on: then nobody gets in without one.</summary>
    public bool HasAny => Volatile.Read(ref _hadAny);

    public (string Secret, Pass Pass) Add(string instance, DatabaseUrl server)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SecretBytes));
        var pass = new Pass(instance, server);
        lock (_lock)
            _bySecret.Add(secret, pass);
        Volatile.Write(ref _hadAny, true);
        return (secret, pass);
    }

    public void Remove(string secret)
    {
        lock (_lock)
            _bySecret.Remove(secret);
    }

    /// <summary>
    /// Whose password this is. Found by its hash: with 128 random bits there is nothing to learn from time.
    /// </summary>
    public Pass? Find(string secret)
    {
        lock (_lock)
            return _bySecret.GetValueOrDefault(secret);
    }

    /// <param name="Instance">"web.1".</param>
    internal sealed record Pass(string Instance, DatabaseUrl Server)
    {
        public string User => Server.User;
    }
}
