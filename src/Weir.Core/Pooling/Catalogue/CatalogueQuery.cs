namespace Weir.Core.Pooling.Catalogue;

/// <summary>
/// The one question to a database's catalogue (PostgreSQL 11 and newer; some 60 ms). Kinds of its rows: f, a function
/// with language, extension and source; e, a function or aggregate with the names of what it calls, and w where it
/// inserts; h, a function that runs without its name in the text; i, the same where rows are inserted; b, a volatile
/// built-in function; r, what else hides behind a write.
/// </summary>
internal static class CatalogueQuery
{
    public static ReadOnlySpan<byte> Text =>
        """
        WITH trees AS (
         SELECT 'h' AS kind, ev_action::pg_catalog.text AS tree FROM pg_catalog.pg_rewrite WHERE oid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', ev_qual::pg_catalog.text FROM pg_catalog.pg_rewrite WHERE oid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'i', adbin::pg_catalog.text FROM pg_catalog.pg_attrdef WHERE oid OPERATOR(pg_catalog.>=)
             16384
         UNION ALL SELECT 'i', typdefaultbin::pg_catalog.text FROM pg_catalog.pg_type WHERE oid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', conbin::pg_catalog.text FROM pg_catalog.pg_constraint WHERE oid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', polqual::pg_catalog.text FROM pg_catalog.pg_policy
         UNION ALL SELECT 'h', polwithcheck::pg_catalog.text FROM pg_catalog.pg_policy
         UNION ALL SELECT 'h', indexprs::pg_catalog.text FROM pg_catalog.pg_index WHERE indexrelid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', indpred::pg_catalog.text FROM pg_catalog.pg_index WHERE indexrelid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', tgqual::pg_catalog.text FROM pg_catalog.pg_trigger
         UNION ALL SELECT 'h', proargdefaults::pg_catalog.text FROM pg_catalog.pg_proc WHERE oid
             OPERATOR(pg_catalog.>=) 16384
         UNION ALL SELECT 'h', partexprs::pg_catalog.text FROM pg_catalog.pg_partitioned_table
         UNION ALL SELECT 'h', pg_catalog.to_jsonb(x) OPERATOR(pg_catalog.->>) 'stxexprs' FROM
             pg_catalog.pg_statistic_ext AS x
        ), reached(kind, fn) AS (
         SELECT kind, (pg_catalog.regexp_matches(tree, ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)',
             'g'))[1]::pg_catalog.oid FROM trees WHERE tree IS NOT NULL
         UNION SELECT 'h', tgfoid FROM pg_catalog.pg_trigger WHERE NOT tgisinternal
         UNION SELECT 'h', evtfoid FROM pg_catalog.pg_event_trigger
         UNION SELECT 'h', castfunc FROM pg_catalog.pg_cast WHERE oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', amproc::pg_catalog.oid FROM pg_catalog.pg_amproc WHERE oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', conproc::pg_catalog.oid FROM pg_catalog.pg_conversion WHERE oid OPERATOR(pg_catalog.>=)
             16384
         UNION SELECT 'h', amhandler::pg_catalog.oid FROM pg_catalog.pg_am WHERE oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', prosupport::pg_catalog.oid FROM pg_catalog.pg_proc WHERE oid OPERATOR(pg_catalog.>=)
             16384
         UNION SELECT 'h', f FROM pg_catalog.pg_operator, LATERAL (VALUES (oprcode::pg_catalog.oid),
             (oprrest::pg_catalog.oid), (oprjoin::pg_catalog.oid)) AS v(f) WHERE oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', f FROM pg_catalog.pg_type, LATERAL (VALUES (typinput::pg_catalog.oid),
             (typoutput::pg_catalog.oid), (typreceive::pg_catalog.oid), (typsend::pg_catalog.oid),
             (typmodin::pg_catalog.oid), (typmodout::pg_catalog.oid), (typanalyze::pg_catalog.oid)) AS v(f) WHERE
             oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', f FROM pg_catalog.pg_range, LATERAL (VALUES (rngcanonical::pg_catalog.oid),
             (rngsubdiff::pg_catalog.oid)) AS v(f) WHERE rngtypid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', f FROM pg_catalog.pg_foreign_data_wrapper, LATERAL (VALUES (fdwhandler), (fdwvalidator))
             AS v(f)
         UNION SELECT 'h', f FROM pg_catalog.pg_transform, LATERAL (VALUES (trffromsql::pg_catalog.oid),
             (trftosql::pg_catalog.oid)) AS v(f)
         UNION SELECT 'h', f FROM pg_catalog.pg_ts_template, LATERAL (VALUES (tmplinit::pg_catalog.oid),
             (tmpllexize::pg_catalog.oid)) AS v(f) WHERE oid OPERATOR(pg_catalog.>=) 16384
         UNION SELECT 'h', f FROM pg_catalog.pg_ts_parser, LATERAL (VALUES (prsstart::pg_catalog.oid),
             (prstoken::pg_catalog.oid), (prsend::pg_catalog.oid), (prsheadline::pg_catalog.oid),
             (prslextype::pg_catalog.oid)) AS v(f) WHERE oid OPERATOR(pg_catalog.>=) 16384
        ), bodies AS (
         SELECT p.oid, p.proname, l.lanname, p.prosrc, pg_catalog.to_jsonb(p) OPERATOR(pg_catalog.->>) 'prosqlbody'
             AS body, e.extname
         FROM pg_catalog.pg_proc AS p JOIN pg_catalog.pg_language AS l ON l.oid OPERATOR(pg_catalog.=) p.prolang
         LEFT JOIN pg_catalog.pg_depend AS d ON d.classid OPERATOR(pg_catalog.=) 1255::pg_catalog.oid AND d.objid
             OPERATOR(pg_catalog.=) p.oid AND d.refclassid OPERATOR(pg_catalog.=) 3079::pg_catalog.oid AND
             d.deptype OPERATOR(pg_catalog.=) 'e'
         LEFT JOIN pg_catalog.pg_extension AS e ON e.oid OPERATOR(pg_catalog.=) d.refobjid
         WHERE p.oid OPERATOR(pg_catalog.>=) 16384 AND p.prokind OPERATOR(pg_catalog.<>) 'a'
        )
        SELECT 'f', proname::pg_catalog.text, lanname::pg_catalog.text OPERATOR(pg_catalog.||) ' '
            OPERATOR(pg_catalog.||) coalesce(extname::pg_catalog.text, ''), prosrc FROM bodies WHERE body IS NULL
        UNION ALL
        SELECT 'e', b.proname::pg_catalog.text, CASE WHEN body OPERATOR(pg_catalog.~) ':commandType [35]' THEN 'w'
            END,
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(q.proname::pg_catalog.text), ' ') FROM
             pg_catalog.pg_proc AS q WHERE q.oid OPERATOR(pg_catalog.=) ANY
          (ARRAY(SELECT m[1]::pg_catalog.oid FROM pg_catalog.regexp_matches(b.body,
              ':(?:funcid|opfuncid|aggfnoid|winfnoid) ([0-9]+)', 'g') AS m)))
         FROM bodies AS b WHERE body IS NOT NULL
        UNION ALL
        SELECT 'e', p.proname::pg_catalog.text, NULL,
         (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(q.proname::pg_catalog.text), ' ') FROM
             pg_catalog.pg_proc AS q WHERE q.oid OPERATOR(pg_catalog.=) ANY
          (ARRAY[a.aggtransfn::pg_catalog.oid, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn,
              a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn]))
         FROM pg_catalog.pg_aggregate AS a JOIN pg_catalog.pg_proc AS p ON p.oid OPERATOR(pg_catalog.=)
             a.aggfnoid::pg_catalog.oid WHERE p.oid OPERATOR(pg_catalog.>=) 16384
        UNION ALL
        SELECT DISTINCT r.kind, q.proname::pg_catalog.text, NULL, NULL FROM reached AS r JOIN pg_catalog.pg_proc
            AS q ON q.oid OPERATOR(pg_catalog.=) r.fn
        UNION ALL
        SELECT DISTINCT 'b', p.proname::pg_catalog.text, NULL, NULL FROM pg_catalog.pg_proc AS p WHERE p.oid
            OPERATOR(pg_catalog.<) 16384 AND p.provolatile OPERATOR(pg_catalog.=) 'v' AND p.pronamespace
            OPERATOR(pg_catalog.=) 11::pg_catalog.oid
        UNION ALL
        SELECT 'r', 'rule', NULL, NULL WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_rewrite WHERE oid
            OPERATOR(pg_catalog.>=) 16384 AND ev_type OPERATOR(pg_catalog.<>) '1')
        UNION ALL
        SELECT 'r', 'set default', NULL, NULL WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_constraint WHERE
            confdeltype OPERATOR(pg_catalog.=) 'd' OR confupdtype OPERATOR(pg_catalog.=) 'd')
        UNION ALL
        SELECT 'r', 'pg_settings', NULL, NULL WHERE EXISTS (SELECT 1 FROM pg_catalog.pg_depend WHERE classid
            OPERATOR(pg_catalog.=) 2618::pg_catalog.oid AND objid OPERATOR(pg_catalog.>=) 16384 AND refclassid
            OPERATOR(pg_catalog.=) 1259::pg_catalog.oid AND refobjid OPERATOR(pg_catalog.=)
            'pg_catalog.pg_settings'::pg_catalog.regclass)
        """u8;
}
