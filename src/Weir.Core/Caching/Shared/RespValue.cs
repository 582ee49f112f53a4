using System.Text;

namespace Weir.Core.Caching.Shared;

/// <summary>One value from a server, with all that is in it.</summary>
internal sealed class RespValue
{
    public static readonly RespValue Null = new(RespKind.Null);

    private RespValue(RespKind kind) => Kind = kind;

    public RespKind Kind { get; }

    /// <summary>Of an integer or a boolean; else 0.</summary>
    public long Number { get; private init; }

    /// <summary>Of a line, an error, a bulk, a big number; else empty.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private init; }

    /// <summary>Of an array, a map, a push; else empty.</summary>
    public IReadOnlyList<RespValue> Items { get; private init; } = [];

    public bool IsError => Kind == RespKind.Error;

    /// <summary>The words, for people; at most the reader's limit of a line long.</summary>
    public string Text => Encoding.Latin1.GetString(Bytes.Span);

    public static RespValue OfNumber(RespKind kind, long number) => new(kind) { Number = number };

    public static RespValue OfBytes(RespKind kind, ReadOnlyMemory<byte> bytes) => new(kind) { Bytes = bytes };

    public static RespValue OfItems(RespKind kind, IReadOnlyList<RespValue> items) => new(kind) { Items = items };

    /// <summary>True for a line or bulk of exactly these bytes.</summary>
    public bool Is(ReadOnlySpan<byte> text) =>
        Kind is RespKind.Line or RespKind.Bulk && Bytes.Span.SequenceEqual(text);

    /// <summary>True for an error whose first word is this.</summary>
    public bool IsErrorOf(ReadOnlySpan<byte> word) =>
        IsError && Bytes.Span.StartsWith(word) && (Bytes.Length == word.Length || Bytes.Span[word.Length] == (byte)' ');
}
