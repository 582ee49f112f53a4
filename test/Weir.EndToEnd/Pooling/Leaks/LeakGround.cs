using System.Net.Sockets;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>A PostgreSQL of its own with what the acts need, and the pooler before it.</summary>
internal sealed class LeakGround : IDisposable
{
    private const string Superuser = "postgres";

    public LeakGround(int poolSize)
    {
        RealServer.Require("postgres");
        Server = PostgresServer.Start();
        try
        {
            Server.Do(
                """
                create role role_x; create role role_y;
                create schema leaks;
                grant all on schema leaks to public;
                create function leaks.set_both(secret text, memory text) returns text language plpgsql as $$
                  begin
                    perform set_config('my.secret', secret, false);
                    return set_config('work_mem', memory, false);
                  end $$;
                create function leaks.set_one(secret text) returns text language sql as
                  $$ select set_config('my.secret', secret, false) $$;
                create function leaks.outer_one(secret text, memory text) returns text language sql as
                  $$ select leaks.set_both(secret, memory) $$;
                create operator leaks.<~ (leftarg = text, rightarg = text, function = leaks.set_both);
                create procedure leaks.procedure(secret text) language sql as $$ select leaks.set_one(secret) $$;
                create table leaks.trapped (secret text, key int);
                create function leaks.on_trapped() returns trigger language plpgsql as $$
                  begin
                    perform leaks.set_one(new.secret);
                    perform pg_advisory_lock(new.key);
                    return new;
                  end $$;
                create trigger t before insert on leaks.trapped for each row execute function leaks.on_trapped();
                create table leaks.defaulted (
                  id int, secret text default leaks.set_one(current_setting('my.word', true)));
                create view leaks.looking as select leaks.set_one(current_setting('my.word', true));
                grant all on all tables in schema leaks to public;
                """);
            Pool = PoolDoor.Start(PoolDoor.UnderTest, new PoolSetup
            {
                To = Server.Port,
                PoolSize = poolSize,
                User = Superuser,
            });
            using var direct = PgRawClient.LogIn(Server.Port, Superuser, PostgresServer.Database);
            Fresh = SessionLook.Of(direct);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public PostgresServer Server { get; }
    public PoolDoor Pool { get; } = null!;

    /// <summary>What a session of its own begins with.</summary>
    public IReadOnlyDictionary<SessionField, string> Fresh { get; } = null!;

    public PgRawClient Connect()
    {
        try
        {
            return PgRawClient.LogIn(Pool.Port, Superuser, PostgresServer.Database);
        }
        catch (SocketException fault)
        {
            var end = Pool.Process is { HasExited: true } gone ? $" with code {gone.ExitCode}" : "";
            throw new InvalidOperationException($"the pooler is gone{end}: {Pool.Process?.Output}", fault);
        }
    }

    public void Dispose()
    {
        Pool?.Dispose();
        Server.Dispose();
    }
}
