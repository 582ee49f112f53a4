using System.Security.Cryptography;

namespace Weir.Pooling;

/// <summary>The keys by which clients cancel what they run.</summary>
internal sealed class CancelBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, (byte[] Secret, ClientSession Session)> _keys = [];
    private readonly byte[] _stock = new byte[4096];
    private int _stockUsed = 4096;
    private int _next = RandomNumberGenerator.GetInt32(1 << 20);

    /// <summary>A process id and a secret of so many bytes: 4 with protocol 3.0, 32 with 3.2.</summary>
    public (int Pid, byte[] Secret) Add(ClientSession session, int secretBytes)
    {
        var secret = new byte[secretBytes];
        lock (_lock)
        {
            TakeRandom_NeedsLock(secret);
            do
                _next = _next == int.MaxValue ? 1 : _next + 1;
            while (_keys.ContainsKey(_next));
            _keys.Add(_next, (secret, session));
            return (_next, secret);
        }
    }

    /// <summary>
    /// From a stock: asking the system's generator for four bytes costs as much as asking for thousands (measured at
    /// 3 % of a log-in). What was given out is wiped.
    /// </summary>
    private void TakeRandom_NeedsLock(Span<byte> secret)
    {
        if (_stock.Length - _stockUsed < secret.Length)
        {
            RandomNumberGenerator.Fill(_stock);
            _stockUsed = 0;
        }

        var taken = _stock.AsSpan(_stockUsed, secret.Length);
        taken.CopyTo(secret);
        taken.Clear();
        _stockUsed += secret.Length;
    }

    public void Remove(int pid)
    {
        lock (_lock)
            _keys.Remove(pid);
    }

    /// <summary>Whose key this is; null: nobody's.</summary>
    public ClientSession? Find(int pid, ReadOnlySpan<byte> secret)
    {
        lock (_lock)
        {
            return _keys.TryGetValue(pid, out var key) && CryptographicOperations.FixedTimeEquals(key.Secret, secret)
                ? key.Session
                : null;
        }
    }
}
