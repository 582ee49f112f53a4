namespace Weir.Core.Caching.Shared;

/// <summary>A stored answer's figures as the numbers of a <see cref="SharedAnswer"/>, and back.</summary>
internal static class SharedFigures
{
    /// <summary>
    /// Past any span that a field can say (an Expires in the year 9999), and far from where sums overflow.
    /// </summary>
    private const long SpanMax = 1L << 50;

    private const int MicrosAt = 16;
    private const long MicrosMax = 1L << 47;

    /// <summary>The flags, and above them what the app took for the answer, in microseconds.</summary>
    private static ulong Flags(in StoredFigures figures, long fillMicros) =>
        (ulong)figures.Flags | (ulong)Math.Clamp(fillMicros, 0, MicrosMax) << MicrosAt;

    public static SharedAnswer Write(SharedAnswer into, in StoredFigures figures, long fillMicros) => into with
    {
        ResponseAt = figures.StoredAt,
        InitialAge = figures.StoredAt - figures.BornAt,
        Lifetime = figures.Lifetime,
        StaleWhile = figures.StaleWhileRevalidate,
        StaleIfError = figures.StaleIfError,
        Flags = Flags(figures, fillMicros),
    };

    /// <summary>Null: numbers that no answer has.</summary>
    public static (StoredFigures Figures, long FillMicros)? Read(SharedAnswer answer)
    {
        var isSane = answer.ResponseAt >= 0 && answer.InitialAge is >= 0 and <= SpanMax
            && answer.Lifetime is >= 0 and <= SpanMax && answer.StaleWhile is >= -1 and <= SpanMax
            && answer.StaleIfError is >= -1 and <= SpanMax;
        if (!isSane)
            return null;
        var figures = new StoredFigures(
            answer.ResponseAt - answer.InitialAge, answer.ResponseAt, answer.Lifetime, answer.StaleWhile,
            answer.StaleIfError, (StoredFlags)(ushort)answer.Flags);
        return (figures, (long)(answer.Flags >> MicrosAt));
    }
}
