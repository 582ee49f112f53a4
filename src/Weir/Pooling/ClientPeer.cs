namespace Weir.Pooling;

/// <summary>Where a client connects from.</summary>
/// <param name="Address">Its IP address, or "unix".</param>
/// <param name="ProcessId">The process at the other end of a unix socket (SO_PEERCRED); 0: not known.</param>
/// <param name="UserId">That process's user; −1: not known.</param>
internal sealed record ClientPeer(string Address, int Port, int ProcessId, int UserId, bool IsUnix)
{
    public string? Certificate { get; init; }
}
