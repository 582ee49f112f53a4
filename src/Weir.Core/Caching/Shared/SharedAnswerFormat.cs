using System.Buffers.Binary;

namespace Weir.Core.Caching.Shared;

// A stored value, version 1; numbers little-endian.
//
//     0  "Weir"                       48  stale while, ms
//     4  version                      56  stale if error, ms
//     5  0 an answer, 1 varies        64  flags
//     6  status                       72  bytes of key, Vary key, Vary names, head, tags, body: six times 4
//     8  era                          96  those six, in this order
//    16  epoch                            seal over all before it
//    24  response at, ms
//    32  initial age, ms
//    40  lifetime, ms

/// <summary>
/// A <see cref="SharedAnswer"/> as the bytes under a key of the shared store, and back. What comes back is what was
/// written for this very key, or it is refused: the whole key is compared, and a seal covers every byte.
/// </summary>
internal static class SharedAnswerFormat
{
    public const byte Version = 1;

    /// <summary>Bytes of a value beside what the answer's own fields hold.</summary>
    public const int FrameBytes = HeadBytes + SharedSeal.Bytes;

    private const int HeadBytes = 96;
    private const int LengthsAt = 72;
    private const int Fields = 6;
    private const byte KindAnswer = 0;
    private const byte KindVaries = 1;

    private static ReadOnlySpan<byte> Magic => "Weir"u8;

    /// <summary>Bytes of an answer as it is written.</summary>
    public static long BytesOf(SharedAnswer answer) => FrameBytes + answer.Key.Length + answer.VaryKey.Length
        + answer.VaryNames.Length + answer.Head.Length + answer.Tags.Length
        + answer.Body.Sum(piece => (long)piece.Length);

    /// <summary>The value in pieces; the body's are the answer's own, not copied.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Write(SharedAnswer answer, SharedSeal seal) => Write(
        answer, answer.VaryKey, KindAnswer, answer.Head, answer.Tags, answer.Body, seal);

    /// <summary>
    /// What stands under the key alone where answers vary: by which names, so that a node that never saw one can ask
    /// for its own.
    /// </summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> WriteVaries(SharedAnswer answer, SharedSeal seal) =>
        Write(answer, default, KindVaries, default, default, [], seal);

    private static List<ReadOnlyMemory<byte>> Write(
        SharedAnswer answer,
        ReadOnlyMemory<byte> varyKey,
        byte kind,
        ReadOnlyMemory<byte> head,
        ReadOnlyMemory<byte> tags,
        IReadOnlyList<ReadOnlyMemory<byte>> body,
        SharedSeal seal)
    {
        ReadOnlyMemory<byte>[] fields = [answer.Key, varyKey, answer.VaryNames, head, tags];
        var front = new byte[HeadBytes + fields.Sum(field => field.Length)];
        var into = front.AsSpan();
        Magic.CopyTo(into);
        into[4] = Version;
        into[5] = kind;
        BinaryPrimitives.WriteUInt16LittleEndian(into[6..], (ushort)answer.Status);
        long[] numbers =
        [
            answer.Stamp.Era, answer.Stamp.Epoch, answer.ResponseAt, answer.InitialAge, answer.Lifetime,
            answer.StaleWhile, answer.StaleIfError, (long)answer.Flags,
        ];
        for (var index = 0; index < numbers.Length; index++)
            BinaryPrimitives.WriteInt64LittleEndian(into[(8 + index * sizeof(long))..], numbers[index]);
        var at = HeadBytes;
        for (var index = 0; index < fields.Length; index++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(into[(LengthsAt + index * sizeof(int))..], fields[index].Length);
            fields[index].Span.CopyTo(into[at..]);
            at += fields[index].Length;
        }

        BinaryPrimitives.WriteInt32LittleEndian(
            into[(LengthsAt + fields.Length * sizeof(int))..], checked(body.Sum(piece => piece.Length)));
        var end = new byte[SharedSeal.Bytes];
        List<ReadOnlyMemory<byte>> pieces = [front, .. body];
        seal.Write(pieces, end);
        pieces.Add(end);
        return pieces;
    }

    /// <summary>
    /// Reads what came for this key. The answer's fields lie in <paramref name="value"/> itself; it is not given back.
    /// </summary>
    public static SharedAnswerRead Read(
        ReadOnlyMemory<byte> value,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> varyKey,
        SharedSeal seal,
        out SharedAnswer? answer)
    {
        answer = null;
        var bytes = value.Span;
        if (bytes.Length < FrameBytes || !bytes.StartsWith(Magic))
            return SharedAnswerRead.Corrupt;
        if (bytes[4] != Version)
            return SharedAnswerRead.OtherVersion;
        if (!seal.IsOf(bytes[..^SharedSeal.Bytes], bytes[^SharedSeal.Bytes..]) || bytes[5] > KindVaries)
            return SharedAnswerRead.Corrupt;
        Span<int> lengths = stackalloc int[Fields];
        var sum = (long)FrameBytes;
        for (var index = 0; index < Fields; index++)
        {
            lengths[index] = BinaryPrimitives.ReadInt32LittleEndian(bytes[(LengthsAt + index * sizeof(int))..]);
            if (lengths[index] < 0)
                return SharedAnswerRead.Corrupt;
            sum += lengths[index];
        }

        if (sum != bytes.Length)
            return SharedAnswerRead.Corrupt;
        answer = Take(value, lengths);
        var varies = bytes[5] == KindVaries;
        if (answer.Key.Span.SequenceEqual(key) && answer.VaryKey.Span.SequenceEqual(varies ? [] : varyKey))
            return varies ? SharedAnswerRead.Varies : SharedAnswerRead.Answer;
        answer = null;
        return SharedAnswerRead.OtherKey;
    }

    private static SharedAnswer Take(ReadOnlyMemory<byte> value, ReadOnlySpan<int> lengths)
    {
        var bytes = value.Span;
        var fields = new ReadOnlyMemory<byte>[Fields];
        var at = HeadBytes;
        for (var index = 0; index < Fields; index++)
        {
            fields[index] = value.Slice(at, lengths[index]);
            at += lengths[index];
        }

        return new SharedAnswer
        {
            Status = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]),
            Stamp = new PurgeStamp(Number(bytes, 0), Number(bytes, 1)),
            ResponseAt = Number(bytes, 2),
            InitialAge = Number(bytes, 3),
            Lifetime = Number(bytes, 4),
            StaleWhile = Number(bytes, 5),
            StaleIfError = Number(bytes, 6),
            Flags = (ulong)Number(bytes, 7),
            Key = fields[0],
            VaryKey = fields[1],
            VaryNames = fields[2],
            Head = fields[3],
            Tags = fields[4],
            Body = [fields[5]],
        };
    }

    private static long Number(ReadOnlySpan<byte> bytes, int index) =>
        BinaryPrimitives.ReadInt64LittleEndian(bytes[(8 + index * sizeof(long))..]);
}
