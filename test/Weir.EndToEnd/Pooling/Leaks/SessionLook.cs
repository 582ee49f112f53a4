using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>What a session sees of its own state: a plain SELECT over the catalogue, which changes nothing.</summary>
internal static class SessionLook
{
    private static readonly SessionField[] s_fields = Enum.GetValues<SessionField>();

    // In the order of SessionField; every name qualified, so that a changed search_path hides nothing.
    private const string Sql =
        """
        select
          pg_catalog.current_setting('work_mem'),
          pg_catalog.current_setting('TimeZone'),
          pg_catalog.current_setting('search_path'),
          pg_catalog.current_setting('statement_timeout'),
          pg_catalog.current_setting('default_transaction_read_only'),
          pg_catalog.current_setting('client_encoding'),
          pg_catalog.current_setting('application_name'),
          coalesce(pg_catalog.current_setting('my.word', true), ''),
          coalesce(pg_catalog.current_setting('my.secret', true), ''),
          pg_catalog.current_setting('role'),
          session_user::text,
          current_user::text,
          (select coalesce(pg_catalog.string_agg(relname::text, ',' order by relname::text collate "C"), '')
             from pg_catalog.pg_class
             where relnamespace = pg_catalog.pg_my_temp_schema() and relkind in ('r', 'v', 'S')),
          (select coalesce(pg_catalog.string_agg(c, ',' order by c collate "C"), '')
             from pg_catalog.pg_listening_channels() c),
          (select coalesce(pg_catalog.string_agg(distinct objid::text, ',' order by objid::text), '')
             from pg_catalog.pg_locks where locktype = 'advisory' and pid = pg_catalog.pg_backend_pid()),
          (select coalesce(pg_catalog.string_agg(name, ',' order by name collate "C"), '')
             from pg_catalog.pg_prepared_statements where from_sql),
          (select coalesce(pg_catalog.string_agg(name, ',' order by name collate "C"), '')
             from pg_catalog.pg_cursors where is_holdable),
          (select pg_catalog.count(*) > 0 from pg_catalog.pg_settings where name like 'auto_explain.%')::text,
          (select coalesce(pg_catalog.string_agg(name, ',' order by name collate "C"), '')
             from pg_catalog.pg_settings where source = 'session' and name not in ('work_mem', 'TimeZone',
             'search_path', 'statement_timeout', 'default_transaction_read_only', 'client_encoding',
             'application_name', 'DateStyle', 'IntervalStyle', 'standard_conforming_strings', 'extra_float_digits',
             'session_authorization', 'role')
             -- A pooler may switch the first on for what it replays, and must switch it off again; the others are told
             -- to a new server connection together with READ ONLY.
             and (name, setting) not in (('exit_on_error', 'off'), ('default_transaction_deferrable', 'off'),
             ('default_transaction_isolation', 'read committed')))
        """;

    public static Dictionary<SessionField, string> Of(PgRawClient client, bool isExtended = false)
    {
        var answer = isExtended ? client.Ask(new PgBatch().Extended(Sql)) : client.Query(Sql);
        if (answer.Rows.FirstOrDefault() is not { } row) throw new InvalidOperationException(answer.ToString());
        return s_fields.ToDictionary(field => field, field => row[(int)field] ?? "");
    }
}
