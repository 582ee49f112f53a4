using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Caching.Shared;

/// <summary>Answers to store, all fields in use.</summary>
internal static class SharedAnswers
{
    public static SharedAnswer Of(string key, string body, PurgeStamp stamp, long responseAt, string vary = "") => new()
    {
        Key = Bytes(key),
        VaryKey = Bytes(vary),
        VaryNames = Bytes(vary.Length > 0 ? "accept-encoding" : ""),
        Status = 203,
        Head = Bytes("Content-Type: text/plain\r\n"),
        ResponseAt = responseAt,
        InitialAge = 1_000,
        Lifetime = 60_000,
        StaleWhile = 5_000,
        StaleIfError = 30_000,
        Flags = ulong.MaxValue,
        Tags = Bytes("one two"),
        Stamp = stamp,
        Body = [.. body.Chunk(3).Select(piece => (ReadOnlyMemory<byte>)Bytes(new string(piece)))],
    };

    public static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Body(SharedAnswer answer) =>
        string.Concat(answer.Body.Select(piece => Encoding.UTF8.GetString(piece.Span)));
}
