namespace Weir.Bench.Load;

/// <summary>What a slow client is slow at.</summary>
internal enum SlowKind
{
    Uploads,
    Reads,
}
