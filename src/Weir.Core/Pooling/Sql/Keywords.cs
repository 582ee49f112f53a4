using System.Text;

namespace Weir.Core.Pooling.Sql;

/// <summary>
/// The reader's key words, and the built-in functions that leave something behind (pg_proc of 15 to 17).
/// </summary>
internal static class Keywords
{
    private static readonly (Keyword Keyword, string Words)[] Heads =
    [
        (Keyword.Query, "select values table"),
        (Keyword.With, "with"),
        (Keyword.Insert, "insert"),
        (Keyword.Merge, "merge"),
        (Keyword.Update, "update"),
        (Keyword.Delete, "delete"),
        (Keyword.Copy, "copy"),
        (Keyword.Set, "set"),
        (Keyword.Reset, "reset"),
        (Keyword.Show, "show"),
        (Keyword.Begin, "begin start savepoint release"),
        (Keyword.Commit, "commit end abort rollback"),
        (Keyword.Prepare, "prepare"),
        (Keyword.Execute, "execute"),
        (Keyword.Deallocate, "deallocate"),
        (Keyword.Discard, "discard"),
        (Keyword.Declare, "declare"),
        (Keyword.Fetch, "fetch move lock"),
        (Keyword.Close, "close"),
        (Keyword.Listen, "listen"),
        (Keyword.Unlisten, "unlisten"),
        (Keyword.Notify, "notify"),
        (Keyword.Load, "load"),
        (Keyword.Code, "do call"),
        (Keyword.Explain, "explain"),
        (Keyword.Define, "create alter grant revoke comment security reassign import"),
        (Keyword.Drop, "drop"),
        (Keyword.Maintain, "truncate vacuum analyze analyse cluster reindex refresh checkpoint"),
        (Keyword.Into, "into"),
        (Keyword.Temp, "temp temporary pg_temp"),
        (Keyword.Hold, "hold"),
        (Keyword.Default, "default"),
        (Keyword.From, "from"),
        (Keyword.SetConfig, "set_config"),
        (Keyword.SettingsView, "pg_settings"),
    ];

    private static readonly (Residue Residue, Touch Touch, string Names)[] Functions =
    [
        (Residue.Resettable, Touch.Lock,
            "pg_advisory_lock pg_advisory_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared"),
        (Residue.None, Touch.Frees, "pg_advisory_unlock pg_advisory_unlock_shared pg_advisory_unlock_all"),
        (Residue.Resettable, Touch.Sequence, "nextval setval"),
        (Residue.None, Touch.ReadsSequence, "currval lastval"),

        // Of these, a reset takes nothing back: the seed, a temporary replication slot, an origin, a base backup.
        (Residue.Lasting, Touch.Lasting,
            "setseed dblink_connect dblink_connect_u "
            + "pg_create_physical_replication_slot pg_create_logical_replication_slot "
            + "pg_copy_physical_replication_slot pg_copy_logical_replication_slot "
            + "pg_replication_origin_session_setup pg_replication_origin_xact_setup "
            + "pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup"),

        // They run a text that is an argument.
        (Residue.ResettableWithStatements, Touch.HiddenCode,
            "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema cursor_to_xml cursor_to_xmlschema "
            + "table_to_xml table_to_xml_and_xmlschema schema_to_xml schema_to_xml_and_xmlschema "
            + "database_to_xml database_to_xml_and_xmlschema ts_stat ts_rewrite"),
    ];

    public static IReadOnlyList<WordMeaning> All { get; } = MakeAll();

    private static List<WordMeaning> MakeAll()
    {
        var all = new List<WordMeaning>();
        foreach (var (keyword, words) in Heads)
        {
            foreach (var word in words.Split(' '))
                all.Add(new WordMeaning { Name = Encoding.ASCII.GetBytes(word), Keyword = keyword });
        }

        foreach (var (residue, touch, names) in Functions)
        {
            foreach (var name in names.Split(' '))
                all.Add(new WordMeaning { Name = Encoding.ASCII.GetBytes(name), Residue = residue, Touch = touch });
        }

        return all;
    }
}
