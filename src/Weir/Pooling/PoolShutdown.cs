namespace Weir.Pooling;

/// <summary>How the console's SHUTDOWN ends a pooler.</summary>
internal enum PoolShutdown : byte
{
    /// <summary>Transactions under way are cut.</summary>
    Now,

    /// <summary>Transactions under way end first.</summary>
    WaitForServers,

    /// <summary>Nobody new gets in, and it goes on until its last client has gone.</summary>
    WaitForClients,
}
