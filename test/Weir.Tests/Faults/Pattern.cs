namespace Weir.Tests.Faults;

/// <summary>The bytes that bodies are made of: each number has its own, and each place tells where it is.</summary>
internal static class Pattern
{
    private const int Period = 65_521;
    private static readonly byte[] s_bytes = Make();

    public static byte At(int id, long place) => s_bytes[(int)((place + id * 131L) % Period)];

    public static void Fill(int id, long place, Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++)
            into[i] = At(id, place + i);
    }

    public static byte[] Of(int id, int length)
    {
        var bytes = new byte[length];
        Fill(id, 0, bytes);
        return bytes;
    }

    private static byte[] Make()
    {
        var bytes = new byte[Period];
        for (var i = 0; i < Period; i++)
            bytes[i] = (byte)((i * 2654435761L >> 7) ^ i);
        return bytes;
    }
}
