using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Fuzz;

/// <summary>Bytes of a server: cut anywhere they give the same values, and none is beyond the limits.</summary>
internal static class RespTarget
{
    private static readonly RespLimits s_limits = new()
    {
        LineBytesMax = 64,
        BulkBytesMax = 256,
        ValuesMax = 64,
        DepthMax = 4,
    };

    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var whole = ReadAll(data, data.Length, out var wholeRead);
        foreach (var piece in (ReadOnlySpan<int>)[1, 2, 7])
        {
            if (ReadAll(data, piece, out var read) != whole || read != wholeRead)
                throw new InvariantException($"In pieces of {piece} it is other values.");
        }
    }

    private static string ReadAll(ReadOnlySpan<byte> data, int piece, out RespRead last)
    {
        var reader = new RespReader(s_limits);
        var seen = new StringBuilder();
        last = RespRead.More;
        while (!data.IsEmpty)
        {
            var part = data[..Math.Min(piece, data.Length)];
            data = data[part.Length..];
            while (!part.IsEmpty)
            {
                var before = part.Length;
                last = reader.Read(ref part, out var value);
                if (last == RespRead.Broken)
                    return seen.ToString();
                if (last == RespRead.More && !part.IsEmpty)
                    throw new InvariantException("More is wanted, and there is more.");
                if (last == RespRead.Whole && part.Length == before)
                    throw new InvariantException("A value of no bytes.");
                if (value is null != (last != RespRead.Whole))
                    throw new InvariantException("A value, or none, against the word.");
                if (value is null)
                    continue;
                if (!reader.IsAtRest && value.Kind != RespKind.Push)
                    throw new InvariantException("A whole value, and the reader is not at rest.");
                Show(value, seen, 0);
            }
        }

        return seen.ToString();
    }

    private static void Show(RespValue value, StringBuilder into, int depth)
    {
        if (depth > s_limits.DepthMax || value.Bytes.Length > s_limits.BulkBytesMax
            || value.Items.Count > s_limits.ValuesMax)
            throw new InvariantException("Beyond a limit.");
        into.Append(value.Kind).Append(' ').Append(value.Number).Append(' ')
            .Append(Convert.ToHexString(value.Bytes.Span)).Append('[');
        foreach (var item in value.Items)
            Show(item, into, depth + 1);
        into.Append(']');
    }
}
