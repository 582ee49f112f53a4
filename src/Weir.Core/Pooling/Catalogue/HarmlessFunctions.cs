namespace Weir.Core.Pooling.Catalogue;

/// <summary>
/// Functions whose source cannot be read and that are known to leave nothing in a session. What is on no list counts
/// as dangerous, so that a new server or extension is slow at first, and never unsafe.
/// </summary>
internal static class HarmlessFunctions
{
    private static readonly HashSet<string> Extensions =
    [
        .. ("plpgsql postgis postgis_raster postgis_sfcgal address_standardizer vector pgcrypto pg_trgm hstore citext "
            + "uuid-ossp btree_gin btree_gist intarray ltree cube earthdistance unaccent fuzzystrmatch isn seg intagg "
            + "dict_int dict_xsyn bloom pg_stat_statements pg_buffercache pg_freespacemap pg_visibility pg_prewarm "
            + "pg_walinspect pageinspect pgstattuple pgrowlocks amcheck adminpack sslinfo tsm_system_rows tsm_system_time "
            + "lo tcn moddatetime insert_username old_snapshot file_fdw postgres_fdw tablefunc xml2 hll ip4r")
            .Split(' '),
    ];

    // Of the extensions above: those that run a text, that are an argument's, or set a setting. Of others, one that is
    // reached without being called.
    private static readonly HashSet<string> Exceptions =
    [
        .. ("crosstab crosstab2 crosstab3 crosstab4 crosstabN crosstabn connectby xpath_table set_limit "
            + "pg_stat_statements_reset").Split(' '),
    ];

    // Volatile functions of pg_catalog (15 to 17) that keep nothing for the session.
    private static readonly string[] BuiltInStarts =
    [
        "RI_FKey_", "pg_stat_", "pg_ls_", "pg_current_", "pg_last_", "pg_control_", "pg_get_", "pg_read_", "pg_sleep",
        "pg_advisory_xact_", "pg_try_advisory_xact_", "pg_is_", "pg_partition_", "pg_logical_slot_", "pg_wal_", "pg_xact_",
        "lo_", "brin_", "tsvector_update_trigger", "pg_rotate_", "pg_show_", "pg_replication_slot_",
    ];

    private static readonly HashSet<string> BuiltIns =
    [
        .. ("amvalidate bernoulli brinhandler bthandler clock_timestamp current_query currtid2 dsnowball_init dsnowball_lexize "
            + "gen_random_uuid gin_clean_pending_list ginhandler gisthandler hashhandler heap_tableam_handler loread lowrite "
            + "pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared currval lastval "
            + "pg_blocking_pids pg_cancel_backend pg_collation_actual_version pg_create_restore_point pg_database_size "
            + "pg_database_collation_actual_version pg_drop_replication_slot pg_export_snapshot pg_hba_file_rules "
            + "pg_ident_file_mappings pg_import_system_collations pg_indexes_size pg_isolation_test_session_is_blocked "
            + "pg_jit_available pg_lock_status pg_log_backend_memory_contexts pg_logical_emit_message "
            + "pg_notification_queue_usage pg_notify pg_prepared_xact pg_promote pg_relation_size pg_reload_conf "
            + "pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop "
            + "pg_replication_origin_progress pg_replication_origin_session_is_setup "
            + "pg_replication_origin_session_progress pg_safe_snapshot_blocking_pids pg_sequence_last_value pg_switch_wal "
            + "pg_table_size pg_tablespace_size pg_terminate_backend pg_total_relation_size plpgsql_call_handler "
            + "plpgsql_inline_handler plpgsql_validator random random_normal spghandler suppress_redundant_updates_trigger "
            + "system timeofday txid_status unique_key_recheck pg_nextoid pg_set_relation_stats pg_available_wal_summaries "
            + "pg_wal_summary_contents pg_sync_replication_slots uuidv4 uuidv7 pg_basetype")
            .Split(' '),
    ];

    public static bool IsOfExtension(string extension, string name) =>
        (Extensions.Contains(extension) && !Exceptions.Contains(name)) || name == "dblink_fdw_validator";

    public static bool IsBuiltIn(string name) =>
        BuiltIns.Contains(name) || BuiltInStarts.Any(start => name.StartsWith(start, StringComparison.Ordinal));
}
