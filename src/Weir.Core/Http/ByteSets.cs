using System.Buffers;

namespace Weir.Core.Http;

/// <summary>The byte classes of the grammar, in the form that vectorised searches want.</summary>
internal static class ByteSets
{
    private const string Alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    /// <summary>Token bytes (RFC 9110 section 5.6.2).</summary>
    public static SearchValues<byte> Token { get; } = Create(Alphanumerics + "!#$%&'*+-.^_`|~");

    /// <summary>Token bytes without the underscore, which field names are better without.</summary>
    public static SearchValues<byte> PlainName { get; } = Create(Alphanumerics + "!#$%&'*+-.^`|~");

    /// <summary>
    /// Names and IPv4 addresses as Host may hold them: what DNS and container names use, less than RFC 3986 lets.
    /// </summary>
    public static SearchValues<byte> HostName { get; } = Create(Alphanumerics + "-._~");

    /// <summary>What may stand between the brackets of an IPv6 literal.</summary>
    public static SearchValues<byte> IPv6 { get; } = Create("0123456789ABCDEFabcdef:.");

    public static SearchValues<byte> Digit { get; } = Create("0123456789");

    /// <summary>Printable ASCII without space and without <c>#</c>.</summary>
    public static SearchValues<byte> Target { get; } = Create(Alphanumerics + "!\"$%&'()*+,-./:;<=>?@[\\]^_`{|}~");

    /// <summary>Bytes that end or spoil a field value: every control byte but HTAB, and DEL.</summary>
    public static SearchValues<byte> ValueStop { get; } = SearchValues.Create(
        0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
        31, 0x7F);

    private static SearchValues<byte> Create(string bytes) =>
        SearchValues.Create(System.Text.Encoding.ASCII.GetBytes(bytes));
}
