namespace Weir.Core.Caching;

/// <summary>The names of reasons, as Cache-Status, ledger and metrics show them.</summary>
internal static class CacheReasons
{
    private static readonly byte[][] Tokens = [.. Enum.GetNames<CacheReason>().Select(Kebab)];
    private static readonly string[] Names = [.. Tokens.Select(System.Text.Encoding.ASCII.GetString)];

    /// <summary>"vary-cookie": lower case with hyphens, a token of RFC 9110. "none" for None.</summary>
    public static ReadOnlySpan<byte> Token(this CacheReason reason) => Tokens[(int)reason];

    /// <summary>The same as a string, made once.</summary>
    public static string Name(this CacheReason reason) => Names[(int)reason];

    private static byte[] Kebab(string name) => System.Text.Encoding.ASCII.GetBytes(string.Concat(name.Select(
        (letter, index) => char.IsAsciiLetterUpper(letter) && index > 0
            ? $"-{char.ToLowerInvariant(letter)}"
            : $"{char.ToLowerInvariant(letter)}")));
}
