using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>A pool as it is at one moment.</summary>
/// <param name="OldestSince">When the first in line asked; long.MaxValue: nobody waits.</param>
/// <param name="LastFailure">Why the last log-in failed; null since one succeeded.</param>
internal sealed record PoolView(
    int Idle, int Leased, int Pinned, int Opening, int Waiting, long OldestSince,
    IReadOnlyList<ServerConnection> Servers, PgError? LastFailure)
{
    /// <summary>It lends nothing until it is resumed.</summary>
    public bool IsPaused { get; init; }
}
