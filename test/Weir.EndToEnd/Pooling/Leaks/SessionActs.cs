using static Weir.EndToEnd.Pooling.Leaks.SessionField;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>
/// Everything that changes a session, by every means: its own statement, set_config, several in one text, functions,
/// triggers, defaults, views, DO. What the text, the tag or the catalogue reveals, the client keeps; what a function
/// did in secret it may lose, but nobody else may ever see it.
/// </summary>
internal static class SessionActs
{
    private static readonly (SessionField Field, string Name)[] s_settings =
    [
        (WorkMemory, "work_mem"), (SessionField.TimeZone, "timezone"), (SearchPath, "search_path"),
        (StatementTimeout, "statement_timeout"), (Application, "application_name"), (Word, "my.word"),
    ];

    public static IReadOnlyList<SessionAct> All { get; } =
        [.. Settings(), .. WholeSession(), .. Roles(), .. Temporaries(), .. Listening(), .. Locking(), .. Statements(),
         .. HeldCursors(), .. Secrets()];

    private static IEnumerable<SessionAct> Settings()
    {
        foreach (var (field, name) in s_settings)
        {
            yield return new($"SET {name}", m => $"set {name} = '{m.Own(field)}'", m => m.Set(field, m.Own(field)));
            yield return new($"SET SESSION {name}", m => $"/* a comment */ SET  SESSION {name} TO '{m.Own(field)}'",
                m => m.Set(field, m.Own(field)));
            yield return new($"set_config {name}",
                m => $"select pg_catalog.set_config('{name}', '{m.Own(field)}', false)",
                m => m.Set(field, m.Own(field)));
            yield return new($"RESET {name}", _ => $"reset {name}", m => m.SetFresh(field));
            yield return new($"SET {name} TO DEFAULT", _ => $"set {name} to default", m => m.SetFresh(field));
            yield return new($"SET LOCAL {name}", m => $"set local {name} = '{m.Own(field)}'", _ => { });
            yield return new($"set_config local {name}",
                m => $"select pg_catalog.set_config('{name}', '{m.Own(field)}', true)", _ => { });
        }

        yield return new("two settings in one text",
            m => $"set work_mem = '{m.Own(WorkMemory)}'; set timezone = '{m.Own(SessionField.TimeZone)}'",
            m =>
            {
                m.Set(WorkMemory, m.Own(WorkMemory));
                m.Set(SessionField.TimeZone, m.Own(SessionField.TimeZone));
            });
        yield return new("set_config of a computed name",
            m => $"select pg_catalog.set_config(n, '{m.Own(WorkMemory)}', false) from (select 'work_' || 'mem') t (n)",
            m => m.Set(WorkMemory, m.Own(WorkMemory)));
        yield return new("SET client_encoding", _ => "set client_encoding = 'LATIN1'", m => m.Set(Encoding, "LATIN1"));
        yield return new("SET NAMES", _ => "set names 'UTF8'", m => m.Set(Encoding, "UTF8"));
        yield return new("read only from now on",
            _ => "set session characteristics as transaction read only", m => m.Set(ReadOnly, "on"));
        yield return new("read write from now on",
            _ => "set session characteristics as transaction read write", m => m.Set(ReadOnly, "off"));
    }

    private static IEnumerable<SessionAct> WholeSession()
    {
        yield return new("RESET ALL", _ => "reset all", m =>
        {
            foreach (var (field, _) in s_settings) m.SetFresh(field);
            m.SetFresh(ReadOnly);
            m.SetFresh(Encoding);
            m.SetFresh(Secret);
        });
        yield return new("DISCARD ALL", _ => "discard all", m =>
        {
            var library = m.IsUnknown(Library) || m.Items(Library) is ["true"];
            m.Clear();
            if (library) m.Unknown(Library);
        })
        {
            IsAlone = true,
        };
    }

    private static IEnumerable<SessionAct> Roles()
    {
        static void To(SessionModel m)
        {
            m.Set(Role, m.RoleName);
            m.Set(CurrentUser, m.RoleName);
        }

        static void Back(SessionModel m)
        {
            if (m.IsUnknown(SessionUser)) return;
            m.Set(Role, "none");
            m.Set(CurrentUser, m.Items(SessionUser)[0]);
        }

        yield return new("SET ROLE", m => $"set role {m.RoleName}", To);
        yield return new("set_config role", m => $"select pg_catalog.set_config('role', '{m.RoleName}', false)", To);
        yield return new("SET LOCAL ROLE", m => $"set local role {m.RoleName}", _ => { });
        yield return new("RESET ROLE", _ => "reset role", Back);
        yield return new("SET ROLE NONE", _ => "set role none", Back);
        yield return new("SET SESSION AUTHORIZATION", m => $"set session authorization {m.RoleName}", m =>
        {
            m.Set(SessionUser, m.RoleName);
            m.Set(CurrentUser, m.RoleName);
            m.Set(Role, "none");
        });
        yield return new("RESET SESSION AUTHORIZATION", _ => "reset session authorization", m =>
        {
            m.SetFresh(SessionUser);
            m.SetFresh(CurrentUser);
            m.SetFresh(Role);
        });
    }

    private static IEnumerable<SessionAct> Temporaries()
    {
        (string Name, string Text)[] ways =
        [
            ("CREATE TEMP TABLE", "create temp table {0} (id int)"),
            ("CREATE TABLE pg_temp", "create table pg_temp.{0} (id int)"),
            ("SELECT INTO TEMP", "select 1 as id into temporary {0}"),
            ("CREATE TEMP TABLE AS", "create temp table {0} as select 1 as id"),
            ("CREATE TEMP VIEW", "create temp view {0} as select 1 as id"),
            ("CREATE TEMP SEQUENCE", "create temp sequence {0}"),
        ];
        foreach (var (name, text) in ways)
        {
            yield return new(name, m => text.Replace("{0}", m.NextName, StringComparison.Ordinal),
                m => m.Add(Temporary, m.Name));
        }

        yield return new("ON COMMIT DROP", m => $"create temp table {m.NextName} (id int) on commit drop", _ => { });
        yield return new("DISCARD TEMP", _ => "discard temp", m => m.SetFresh(Temporary))
        {
            IsAlone = true,
        };
    }

    private static IEnumerable<SessionAct> Listening()
    {
        yield return new("LISTEN", m => $"listen {m.NextName}", m => m.Add(Channels, m.Name));
        yield return new("UNLISTEN", m => m.Items(Channels) is [var first, ..] ? $"unlisten {first}" : "", m =>
        {
            if (m.Items(Channels) is [var first, ..]) m.Remove(Channels, first);
        });
        yield return new("UNLISTEN *", _ => "unlisten *", m => m.SetFresh(Channels));
        yield return new("NOTIFY", m => $"notify {m.Owner}_nobody, 'word'", _ => { });
    }

    private static IEnumerable<SessionAct> Locking()
    {
        foreach (var take in new[] { "pg_advisory_lock", "pg_try_advisory_lock", "pg_advisory_lock_shared" })
        {
            yield return new(take, m => $"select pg_catalog.{take}({m.NextLock})", m => m.Add(Locks, m.Lock))
            {
                OutlivesRollback = true,
                IsTry = take == "pg_try_advisory_lock",
            };
        }

        yield return new("pg_advisory_xact_lock",
            m => $"select pg_catalog.pg_advisory_xact_lock({m.NextLock})", _ => { });
        yield return new("pg_advisory_unlock_all", _ => "select pg_catalog.pg_advisory_unlock_all()",
            m => m.SetFresh(Locks))
        {
            OutlivesRollback = true,
        };
    }

    private static IEnumerable<SessionAct> Statements()
    {
        yield return new("PREPARE", m => $"prepare {m.NextName} (int) as select $1 + 1", m => m.Add(Prepared, m.Name))
        {
            OutlivesRollback = true,
        };
        yield return new("DEALLOCATE", m => m.Items(Prepared) is [var first, ..] ? $"deallocate {first}" : "", m =>
        {
            if (m.Items(Prepared) is [var first, ..]) m.Remove(Prepared, first);
        })
        {
            OutlivesRollback = true,
        };
        yield return new("DEALLOCATE ALL", _ => "deallocate all", m => m.SetFresh(Prepared))
        {
            OutlivesRollback = true,
        };
        yield return new("DISCARD PLANS", _ => "discard plans", _ => { });
    }

    private static IEnumerable<SessionAct> HeldCursors()
    {
        yield return new("DECLARE WITH HOLD",
            m => $"declare {m.NextName} cursor with hold for select generate_series(1, 5)",
            m => m.Add(Cursors, m.Name));
        yield return new("DECLARE", m => $"begin; declare {m.NextName} cursor for select 1; commit", _ => { })
        {
            IsAlone = true,
        };
        yield return new("CLOSE ALL", _ => "close all", m => m.SetFresh(Cursors))
        {
            OutlivesRollback = true,
        };
    }

    private static IEnumerable<SessionAct> Secrets()
    {
        static SessionAct Secretly(string name, string text, params SessionField[] fields) => new(
            name, m => text
                .Replace("{own}", m.Own(Secret), StringComparison.Ordinal)
                .Replace("{memory}", m.Own(WorkMemory), StringComparison.Ordinal)
                .Replace("{role}", m.RoleName, StringComparison.Ordinal)
                .Replace("{lock}", m.NextLock, StringComparison.Ordinal)
                .Replace("{name}", m.NextName, StringComparison.Ordinal),
            m =>
            {
                foreach (var field in fields) m.Unknown(field);
            })
        {
            OutlivesRollback = true,
        };

        yield return Secretly("a function that sets", "select leaks.set_both('{own}', '{memory}')", Secret, WorkMemory);
        yield return Secretly("a function called by a function", "select leaks.outer_one('{own}', '{memory}')",
            Secret, WorkMemory);
        yield return Secretly("a trigger", "insert into leaks.trapped values ('{own}', {lock})", Secret, Locks);
        yield return Secretly("a default", "insert into leaks.defaulted (id) values (1)", Secret);
        yield return Secretly("a view", "select * from leaks.looking", Secret);
        yield return Secretly("an operator", "select '{own}' operator(leaks.<~) '{memory}'", Secret, WorkMemory);
        yield return Secretly("CALL", "call leaks.procedure('{own}')", Secret);
        yield return Secretly("DO set_config",
            "do $$ begin perform set_config('my.secret', '{own}', false); end $$", Secret);
        yield return Secretly("DO SET ROLE", "do $$ begin execute 'set role {role}'; end $$", Role, CurrentUser);
        yield return Secretly("DO temp table", "do $$ begin create temp table {name} (id int); end $$", Temporary);
        yield return Secretly("DO LISTEN", "do $$ begin execute 'lis' || 'ten {name}'; end $$", Channels);
        yield return Secretly("DO lock", "do $$ begin perform pg_advisory_lock({lock}); end $$", Locks);
        yield return Secretly("DO PREPARE", "do $$ begin execute 'prep' || 'are {name} as select 1'; end $$", Prepared);
        yield return Secretly("text that runs text",
            "select query_to_xml('select set_config(''my.secret'', ''{own}'', false)', true, true, '')", Secret);
        yield return Secretly("LOAD", "load 'auto_explain'", Library);
    }
}
