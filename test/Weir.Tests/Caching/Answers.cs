using System.Text;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Tests.Caching;

/// <summary>A store, its purges and its fills, and answers to put into them.</summary>
internal sealed class Answers
{
    public Answers(StoreLimits? limits = null, FillLimits? fills = null)
    {
        Purges = new Purges(new GenerationLimits(), Hash);
        Store = new AnswerStore(limits ?? new StoreLimits(), Purges, Hash);
        Fills = new Fills(fills ?? new FillLimits(), new HitForMissLimits(), Purges, Hash);
    }

    public KeyHash Hash { get; } = new(99);
    public Purges Purges { get; }
    public AnswerStore Store { get; }
    public Fills Fills { get; }

    /// <summary>The key of a path of a.example; offsets as in any key of that host.</summary>
    public static byte[] Key(string path) => Encoding.ASCII.GetBytes("http://a.example" + path);

    public static KeyParts Parts(byte[] key) => new(7, 9, 16, key.Length - 16);

    /// <summary>An answer of that path; its body is the bytes given, else a line that tells of it.</summary>
    public StoredAnswer Of(
        string path, string values = "", int bytes = -1, long keepUntil = long.MaxValue, ulong? hash = null,
        params string[] tags)
    {
        var key = Key(path);
        var body = bytes < 0 ? Encoding.ASCII.GetBytes($"{path} {values}") : new byte[bytes];
        return new StoredAnswer
        {
            Key = key,
            Hash = hash ?? Store.Hash(key),
            Parts = Parts(key),
            VaryNames = values.Length == 0 ? [] : "accept-language"u8.ToArray(),
            VaryValues = Encoding.ASCII.GetBytes(values),
            Head = Head(),
            Body = StoredBody.Of(body),
            Figures = new StoredFigures(0, 0, 60_000, -1, -1, StoredFlags.None),
            KeepUntil = keepUntil,
            Tags = [.. tags.Select(Encoding.ASCII.GetBytes)],
            Capture = Purges.Last,
        };
    }

    public StoredAnswer[] Find(string path)
    {
        var key = Key(path);
        return Store.Find(Store.Hash(key), key).ToArray();
    }

    /// <summary>Asks for it so often, as requests do.</summary>
    public void Ask(string path, int times)
    {
        for (var time = 0; time < times; time++)
            Find(path);
    }

    public bool Has(StoredAnswer answer) => Store.FindAgain(answer.Hash, answer.Key).Contains(answer);

    public static string Text(StoredAnswer answer)
    {
        var text = new StringBuilder();
        Assert.True(answer.Body.TryBegin(out var cursor));
        while (answer.Body.TryPeek(ref cursor, out var bytes) == StoredRead.Bytes)
        {
            text.Append(Encoding.ASCII.GetString(bytes));
            cursor.Advance(bytes.Count);
        }

        return text.ToString();
    }

    private static ResponseHead Head()
    {
        var bytes = "HTTP/1.1 200 OK\r\nCache-Control: max-age=60\r\n\r\n"u8.ToArray();
        var head = new ResponseHead();
        head.Reset(bytes, 0);
        head.Length = bytes.Length;
        head.Status = 200;
        return head;
    }
}
