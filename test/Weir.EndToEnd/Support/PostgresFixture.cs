[assembly: Xunit.AssemblyFixture(typeof(Weir.EndToEnd.Support.PostgresFixture))]

namespace Weir.EndToEnd.Support;

/// <summary>
/// One PostgreSQL for all tests that do not stop it, started by the first of them. Whoever counts its sessions or
/// locks takes one of its own.
/// </summary>
public sealed class PostgresFixture : IDisposable
{
    private readonly Lock _lock = new();
    private PostgresServer? _server;

    /// <summary>Skips the test where PostgreSQL is not installed.</summary>
    internal PostgresServer Server
    {
        get
        {
            RealServer.Require("postgres");
            lock (_lock)
            {
                return _server ??= Start();
            }
        }
    }

    private static PostgresServer Start()
    {
        var server = PostgresServer.Start(
            new PostgresSetup { ConnectionsMax = 200, Settings = ["wal_level = logical"] });
        // Before any pooler looks at the catalogue: one that came later would be known a minute later.
        server.Do("create extension dblink");
        return server;
    }

    /// <summary>The pooler under test before it.</summary>
    internal PoolDoor Pool(int poolSize = 4, params string[] arguments) => PoolDoor.Start(
        PoolDoor.UnderTest, new PoolSetup { To = Server.Port, PoolSize = poolSize, Arguments = arguments });

    public void Dispose() => _server?.Dispose();
}
