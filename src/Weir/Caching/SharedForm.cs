using Weir.Core.Caching;
using Weir.Core.Caching.Shared;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>A stored answer in the form in which nodes share it, and back.</summary>
internal static class SharedForm
{
    /// <summary>
    /// Before a variant's values, so that even those of a request without any of the fields are not empty: an empty
    /// Vary key says that the answer does not vary.
    /// </summary>
    private const byte Variant = 1;

    /// <summary>Null: its body is not kept.</summary>
    /// <param name="key"><see cref="SharedKey.Of"/>.</param>
    /// <param name="stamp">Taken when its fill began.</param>
    public static SharedAnswer? Of(StoredAnswer answer, byte[] key, PurgeStamp stamp)
    {
        if (!answer.Body.HasEnded || !answer.Body.TryBegin(out var cursor))
            return null;
        var body = new List<ReadOnlyMemory<byte>>();
        while (answer.Body.TryPeek(ref cursor, out var piece) == StoredRead.Bytes)
        {
            body.Add(piece);
            cursor.Advance(piece.Count);
        }

        var shared = new SharedAnswer
        {
            Key = key,
            VaryKey = answer.VaryNames.Length == 0 ? default : VaryKey(answer.VaryValues),
            VaryNames = answer.VaryNames,
            Status = answer.Head.Status,
            Head = answer.Head.Bytes.ToArray(),
            ResponseAt = 0,
            Lifetime = 0,
            Tags = SharedTags.Write(answer.Tags),
            Stamp = stamp,
            Body = body,
        };
        return SharedFigures.Write(shared, answer.Figures, answer.FillMicros);
    }

    public static byte[] VaryKey(ReadOnlySpan<byte> values) => [Variant, .. values];

    /// <summary>
    /// What the shared tier gave for a key, as this node stores it. Null: nothing that a node would have put there.
    /// </summary>
    /// <param name="key">The cache's own, without the policy's mark.</param>
    /// <param name="capture">This node's purges up to before the look.</param>
    /// <param name="isPurged">A soft purge was for it: it is stale from the first.</param>
    public static StoredAnswer? Read(
        SharedAnswer shared, byte[] key, ulong hash, KeyParts parts, CachePolicy policy, long capture, bool isPurged)
    {
        var varies = !shared.VaryNames.IsEmpty;
        if (varies != !shared.VaryKey.IsEmpty || varies && shared.VaryKey.Span[0] != Variant)
            return null;
        if (SharedFigures.Read(shared) is not var (figures, fillMicros)
            || SharedTags.Read(shared.Tags.Span) is not { } tags
            || ReadHead(shared.Head.ToArray()) is not { } head || head.Status != shared.Status)
            return null;
        var body = new StoredBody(shared.Body.Sum(piece => (long)piece.Length));
        foreach (var piece in shared.Body)
            body.Append(piece.Span);
        body.End();
        var answer = new StoredAnswer
        {
            Key = key,
            Hash = hash,
            Parts = parts,
            VaryNames = shared.VaryNames.ToArray(),
            VaryValues = varies ? shared.VaryKey.Span[1..].ToArray() : [],
            Head = head,
            Figures = figures,
            Body = body,
            KeepUntil = StoredAnswer.KeptUntil(figures, policy),
            IsFromTier = true,
            Tags = tags,
            Capture = capture,
            FillMicros = fillMicros,
        };
        if (isPurged)
            answer.LookedAt = capture << 1 | 1;
        return answer;
    }

    private static ResponseHead? ReadHead(byte[] bytes)
    {
        var head = new ResponseHead();
        var read = ResponseParser.Parse(bytes, 0, bytes.Length, HttpVerb.Get, GateLimits.Default, head, out _);
        return read == ParseResult.Complete && head.Length == bytes.Length ? head : null;
    }
}
