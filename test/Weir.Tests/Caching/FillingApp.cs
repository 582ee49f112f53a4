using System.Collections.Concurrent;
using System.Text;
using Weir.Caching;
using Weir.Core.Chance;

namespace Weir.Tests.Caching;

/// <summary>An app that counts: how often it was asked for each key, and that nobody asked twice at once.</summary>
internal sealed class FillingApp(bool isStorable, int bodyBytes, ulong seed = 1)
{
    private readonly ConcurrentDictionary<string, int> _asked = new();
    private readonly ConcurrentDictionary<string, int> _now = new();
    private readonly SeededRandom _chance = new(seed);
    private int _besides;

    /// <summary>Fetches of a key for many, by path.</summary>
    public IReadOnlyDictionary<string, int> Asked => _asked;

    /// <summary>Requests that went on by themselves.</summary>
    public int Besides => _besides;

    public bool Draws(int percent)
    {
        lock (_chance)
            return percent > 0 && _chance.NextBelow(100) < percent;
    }

    public bool Ask(byte[] key)
    {
        var path = Encoding.ASCII.GetString(key);
        _asked.AddOrUpdate(path, 1, (_, count) => count + 1);
        Assert.Equal(1, _now.AddOrUpdate(path, 1, (_, count) => count + 1));
        return isStorable;
    }

    public void Answered(byte[] key) => _now.AddOrUpdate(Encoding.ASCII.GetString(key), 0, (_, count) => count - 1);

    public void GaveUp(byte[] key) => Answered(key);

    public void AskedBesides() => Interlocked.Increment(ref _besides);

    /// <summary>The same for each ask, and another for each key.</summary>
    public byte[] BytesOf(byte[] key)
    {
        var bytes = new byte[bodyBytes];
        for (var index = 0; index < bytes.Length; index++)
            bytes[index] = key[index % key.Length];
        return bytes;
    }

    public static StoredAnswer Answer(Answers world, byte[] key, StoredBody body, long capture)
    {
        var like = world.Of(Encoding.ASCII.GetString(key.AsSpan(16)));
        return new StoredAnswer
        {
            Key = like.Key,
            Hash = like.Hash,
            Parts = like.Parts,
            Head = like.Head,
            Body = body,
            Figures = like.Figures,
            Capture = capture,
        };
    }

    public bool IsWhole(StoredAnswer answer, out string fault)
    {
        fault = $"{Encoding.ASCII.GetString(answer.Key)}: {answer.Body.Length} bytes, not its own";
        return Answers.Text(answer) == Encoding.ASCII.GetString(BytesOf(answer.Key));
    }
}
