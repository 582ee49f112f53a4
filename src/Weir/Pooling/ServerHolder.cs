using Weir.Beat;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>Who asks a pool for a server connection: a client session, or the house itself.</summary>
/// <param name="id">Its number in the pool; never 0, never used again.</param>
internal abstract class ServerHolder(long id) : Driven
{
    private ServerConnection? _granted;
    private PgError? _denied;

    public long HolderId { get; } = id;

    /// <summary>For people: who it is.</summary>
    public abstract string HolderName { get; }

    /// <summary>A connection was granted, and not taken yet.</summary>
    protected bool IsGranted => Volatile.Read(ref _granted) is not null;

    /// <summary>
    /// It waited, and now has this one. Called outside of the pool's lock, on any thread; it may come after the holder
    /// has lost interest, and is then to be given back.
    /// </summary>
    public void Grant(ServerConnection server)
    {
        Volatile.Write(ref _granted, server);
        Raise();
    }

    /// <summary>It waited in vain: no server connection can be had, for this reason.</summary>
    public void Deny(PgError why)
    {
        Volatile.Write(ref _denied, why);
        Raise();
    }

    /// <summary>What was granted since this was asked last; null: nothing.</summary>
    protected ServerConnection? TakeGranted() =>
        IsGranted ? Interlocked.Exchange(ref _granted, null) : null;

    protected PgError? TakeDenied() =>
        Volatile.Read(ref _denied) is null ? null : Interlocked.Exchange(ref _denied, null);
}
