using System.Security.Cryptography;

namespace Weir.Pooling;

// A process id may be several clients' at once: in session mode it is the server's, two servers may have the same, and
// one that Weir made up may be a server's too. The secret tells them apart, and no two with one id have the same.

/// <summary>The keys by which clients cancel what they run.</summary>
internal sealed class CancelBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<int, CancelKey> _keys = [];
    private readonly byte[] _stock = new byte[4096];
    private int _stockUsed = 4096;
    private int _next = RandomNumberGenerator.GetInt32(1 << 20);

    /// <summary>A secret of so many bytes (4 with protocol 3.0, 32 with 3.2), and a process id with it.</summary>
    /// <param name="pid">The server's, where the client is to know that; 0: one is made up.</param>
    public CancelKey Add(ClientSession session, int secretBytes, int pid = 0)
    {
        var secret = new byte[secretBytes];
        lock (_lock)
        {
            if (pid == 0)
                pid = MakeUp_NeedsLock();
            _keys.TryGetValue(pid, out var first);
            do
                TakeRandom_NeedsLock(secret);
            while (Find(first, secret) is not null);
            return _keys[pid] = new CancelKey(pid, secret, session) { Next = first };
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

    public void Remove(CancelKey key)
    {
        lock (_lock)
        {
            var first = _keys[key.Pid];
            if (first != key)
            {
                while (first.Next != key)
                    first = first.Next!;
                first.Next = key.Next;
            }
            else if (key.Next is { } next)
                _keys[key.Pid] = next;
            else
                _keys.Remove(key.Pid);
        }
    }

    /// <summary>Whose key this is; null: nobody's.</summary>
    public ClientSession? Find(int pid, ReadOnlySpan<byte> secret)
    {
        lock (_lock)
            return Find(_keys.GetValueOrDefault(pid), secret)?.Session;
    }

    private static CancelKey? Find(CancelKey? first, ReadOnlySpan<byte> secret)
    {
        while (first is not null && !CryptographicOperations.FixedTimeEquals(first.Secret, secret))
            first = first.Next;
        return first;
    }

    private int MakeUp_NeedsLock()
    {
        do
            _next = _next == int.MaxValue ? 1 : _next + 1;
        while (_keys.ContainsKey(_next));
        return _next;
    }
}
