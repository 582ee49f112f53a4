using System.Collections.Concurrent;
using System.Security.Cryptography;
using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>
/// The credentials that the app itself has accepted lately (share: authorized), as keyed hashes: nothing that is kept
/// could be shown to the app. A 401 or 403 revokes at once.
/// </summary>
internal sealed class Credentials
{
    private const int CountMax = 100_000;
    private const int HashBytes = 16;
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<(ulong, ulong), long> _until = new();

    public int Count => _until.Count;

    /// <param name="now">Unix milliseconds.</param>
    public bool IsAccepted(RequestHead head, ulong scope, long now) =>
        TryHash(head, scope, out var hash) && _until.TryGetValue(hash, out var until) && now < until;

    /// <summary>The app has answered a request with this credential, and so shown what it holds of it.</summary>
    /// <param name="scope">The app and where the credential counts: an acceptance there is none elsewhere.</param>
    public void Answered(RequestHead head, ulong scope, int status, CachePolicy policy, long now)
    {
        if (!TryHash(head, scope, out var hash))
            return;
        if (status is 401 or 403)
            _until.TryRemove(hash, out _);
        else if (status is >= 200 and < 300 && (_until.Count < CountMax || _until.ContainsKey(hash)))
            _until[hash] = now + (long)policy.AuthTtl.TotalMilliseconds;
    }

    /// <summary>Forgets what is over; about once a minute.</summary>
    public void Sweep(long now)
    {
        foreach (var (hash, until) in _until)
        {
            if (now >= until)
                _until.TryRemove(hash, out _);
        }
    }

    private bool TryHash(RequestHead head, ulong scope, out (ulong, ulong) hash)
    {
        hash = default;
        var index = head.Fields.IndexOf(KnownField.Authorization);
        if (index < 0)
            return false;
        var value = head.ValueOf(head.Fields[index]);
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, value, full);
        hash = (BitConverter.ToUInt64(full) ^ scope, BitConverter.ToUInt64(full[8..HashBytes]));
        return true;
    }
}
