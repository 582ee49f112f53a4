using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>Who asks a pool for a server connection: a client session, or the house itself.</summary>
internal interface IServerHolder
{
    /// <summary>Its number in the pool; never 0, never used again.</summary>
    long HolderId { get; }

    /// <summary>For people: who it is.</summary>
    string HolderName { get; }

    /// <summary>It waited, and now has this one. Called outside of the pool's lock; it is raised after.</summary>
    void Grant(ServerConnection server);

    /// <summary>It waited in vain: no server connection can be had, for this reason.</summary>
    void Deny(PgError why);
}
