using System.Runtime.CompilerServices;

namespace Weir.Core.Pooling.Messages;

/// <summary>Texts that end with a NUL, as in C.</summary>
internal static class CText
{
    /// <summary>Takes one text from the front; false, and nothing is taken, where no NUL is there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryTake(scoped ref ReadOnlySpan<byte> from, out ReadOnlySpan<byte> text)
    {
        var end = from.IndexOf((byte)0);
        if (end < 0)
        {
            text = default;
            return false;
        }

        text = from[..end];
        from = from[(end + 1)..];
        return true;
    }
}
