using System.Numerics;
using System.Runtime.Intrinsics;

namespace Weir.Core.Http;

/// <summary>
/// The two searches that every field line costs. Goal: few instructions for the usual line, a short name before a
/// value of a few dozen bytes, where a general search spends more on choosing its way than on the bytes. Trade-off: a
/// line in the last 32 bytes of what was received takes the general way, since nothing behind the span may be read.
/// </summary>
internal static class FieldScan
{
    /// <summary>The offset of the first colon, or −1.</summary>
    public static int IndexOfColon(ReadOnlySpan<byte> line)
    {
        if (!Vector256.IsHardwareAccelerated || line.Length < Vector256<byte>.Count)
            return line.IndexOf((byte)':');
        var found = Vector256.Equals(Vector256.Create(line), Vector256.Create((byte)':')).ExtractMostSignificantBits();
        if (found != 0)
            return BitOperations.TrailingZeroCount(found);
        var rest = line[Vector256<byte>.Count..].IndexOf((byte)':');
        return rest < 0 ? -1 : rest + Vector256<byte>.Count;
    }

    /// <summary>
    /// The offset of the first byte of <see cref="ByteSets.ValueStop"/> at or after <paramref name="start"/>, or −1.
    /// </summary>
    public static int IndexOfValueStop(ReadOnlySpan<byte> line, int start)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            while (line.Length - start >= Vector256<byte>.Count)
            {
                var found = Stops(Vector256.Create(line[start..]));
                if (found != 0)
                    return start + BitOperations.TrailingZeroCount(found);
                start += Vector256<byte>.Count;
            }
        }

        var rest = line[start..].IndexOfAny(ByteSets.ValueStop);
        return rest < 0 ? -1 : start + rest;
    }

    // Control bytes are at most 0x1F; HTAB among them may stand in a value, and DEL above them may not.
    private static uint Stops(Vector256<byte> bytes)
    {
        var controls = Vector256.Equals(Vector256.Min(bytes, Vector256.Create((byte)0x1F)), bytes);
        var tabs = Vector256.Equals(bytes, Vector256.Create((byte)'\t'));
        var deletes = Vector256.Equals(bytes, Vector256.Create((byte)0x7F));
        return (Vector256.AndNot(controls, tabs) | deletes).ExtractMostSignificantBits();
    }
}
