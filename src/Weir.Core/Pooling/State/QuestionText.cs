namespace Weir.Core.Pooling.State;

/// <summary>
/// The SELECT of a question. Values come in the server's own encoding and as seven-bit text, whatever client_encoding
/// is; every function, table and operator is named with its schema.
/// </summary>
internal static class QuestionText
{
    private static ReadOnlySpan<byte> ValueStart => "pg_catalog.encode(pg_catalog.convert_to("u8;

    private static ReadOnlySpan<byte> ValueEnd => ",pg_catalog.getdatabaseencoding()),'escape')"u8;

    public static void Write(in SqlWriter writer, in Questions questions)
    {
        var isFirst = true;
        if (questions.IsCertain)
            WriteValues(writer, questions.Names, ref isFirst);
        else if (questions.Names.Count > 0)
            WriteValuesWithSource(writer, questions.Names, ref isFirst);
        if (questions.IsAnyName)
            WritePart(writer, ref isFirst, "'s'"u8, "pg_catalog.lower(name)"u8, "pg_catalog.current_setting(name,true)"u8,
                " FROM pg_catalog.pg_settings WHERE source OPERATOR(pg_catalog.=) 'session'"u8
                + " AND context OPERATOR(pg_catalog.=) 'user'"u8);
        if (questions.Statements)
            WritePart(writer, ref isFirst, "'p'"u8, "name"u8, "statement"u8,
                " FROM pg_catalog.pg_prepared_statements WHERE from_sql"u8);
        if (questions.Temp)
            // An index finds what depends on the schema; pg_class would be read from end to end.
            WritePart(writer, ref isFirst, "'t'"u8, "''"u8, "''"u8,
                (" WHERE EXISTS(SELECT 1 FROM pg_catalog.pg_depend WHERE refclassid OPERATOR(pg_catalog.=)"u8
                + " 2615::pg_catalog.oid AND refobjid OPERATOR(pg_catalog.=) pg_catalog.pg_my_temp_schema())"u8));
        if (questions.Listen)
            WritePart(writer, ref isFirst, "'l'"u8, "''"u8, "''"u8,
                " WHERE EXISTS(SELECT 1 FROM pg_catalog.pg_listening_channels())"u8);
        if (questions.Cursor)
            WritePart(writer, ref isFirst, "'c'"u8, "''"u8, "''"u8,
                " WHERE EXISTS(SELECT 1 FROM pg_catalog.pg_cursors WHERE is_holdable)"u8);
        if (questions.Lock)
            WritePart(writer, ref isFirst, "'a'"u8, "''"u8, "''"u8,
                (" WHERE EXISTS(SELECT 1 FROM pg_catalog.pg_locks WHERE locktype OPERATOR(pg_catalog.=) 'advisory'"u8
                + " AND pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid())"u8));
    }

    private static void WriteValues(in SqlWriter writer, IReadOnlyList<string> names, ref bool isFirst)
    {
        foreach (var name in names)
        {
            writer.Raw(isFirst ? "SELECT 's',"u8 : " UNION ALL SELECT 's',"u8);
            isFirst = false;
            WriteValue(writer, name);
            writer.Raw(","u8);
            writer.Raw(ValueStart);
            writer.Raw("pg_catalog.current_setting("u8);
            writer.Literal(name);
            writer.Raw(",true)"u8);
            writer.Raw(ValueEnd);
        }
    }

    /// <summary>Kind d where the server says that the value is not the session's own; pg_settings takes 0.6 ms.</summary>
    private static void WriteValuesWithSource(in SqlWriter writer, IReadOnlyList<string> names, ref bool isFirst)
    {
        isFirst = false;
        writer.Raw("SELECT CASE WHEN g.source OPERATOR(pg_catalog.<>) 'session' THEN 'd' ELSE 's' END,n.e,"u8);
        writer.Raw(ValueStart);
        writer.Raw("pg_catalog.current_setting(n.name,true)"u8);
        writer.Raw(ValueEnd);
        writer.Raw(" FROM (VALUES "u8);
        for (var i = 0; i < names.Count; i++)
        {
            writer.Raw(i == 0 ? "("u8 : ",("u8);
            writer.Literal(names[i]);
            writer.Raw(","u8);
            WriteValue(writer, names[i]);
            writer.Raw(")"u8);
        }

        writer.Raw(") AS n(name,e) LEFT JOIN pg_catalog.pg_settings AS g"u8);
        writer.Raw(" ON pg_catalog.lower(g.name) OPERATOR(pg_catalog.=) n.name"u8);
    }

    /// <summary>The name as a value comes.</summary>
    private static void WriteValue(in SqlWriter writer, string name)
    {
        writer.Raw(ValueStart);
        writer.Literal(name);
        writer.Raw(ValueEnd);
    }

    private static void WritePart(
        in SqlWriter writer, ref bool isFirst, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> value, ReadOnlySpan<byte> from)
    {
        writer.Raw(isFirst ? "SELECT "u8 : " UNION ALL SELECT "u8);
        isFirst = false;
        writer.Raw(kind);
        foreach (var column in (ReadOnlySpan<bool>)[true, false])
        {
            writer.Raw(","u8);
            writer.Raw(ValueStart);
            writer.Raw(column ? name : value);
            writer.Raw(ValueEnd);
        }

        writer.Raw(from);
    }
}
