using System.Buffers;
using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

// A failed transaction does not protect the connection: a client's message that begins with ROLLBACK would end it, and
// run the rest in another client's state (seen on PostgreSQL 15). So the batch sets exit_on_error for itself: any error
// within it is fatal to the server connection, and nothing that is pipelined behind is run. The setting is LOCAL, so
// COMMIT takes it back. Nor may the batch fail to be parsed, since then none of it is run: it is made of our own words,
// literals and quoted names (SqlWriter), and texts of clients are a Query of their own.

/// <summary>Writes the SQL that turns what a server connection has into what a client wants, and that asks after it.</summary>
public static class StateBatch
{
    // A session whose default is serializable and deferrable would wait for a safe snapshot.
    private static ReadOnlySpan<byte> Begin => "BEGIN ISOLATION LEVEL READ COMMITTED;SET LOCAL exit_on_error=on"u8;

    // RESET ALL last: it takes exit_on_error back. RESET ROLE: before 15.9 and its like, the other leaves its name.
    private static ReadOnlySpan<byte> ResetMost =>
        ";RESET SESSION AUTHORIZATION;RESET ROLE;UNLISTEN *;CLOSE ALL;SELECT pg_catalog.pg_advisory_unlock_all()"u8;

    private static ReadOnlySpan<byte> ResetRest => ";DISCARD TEMP;DISCARD SEQUENCES;RESET ALL"u8;

    /// <summary>
    /// Writes one Query that resets and sets, to be pipelined ahead of the client's message. On any error within it the
    /// server ends the connection (FATAL), so that what is pipelined behind is not run. Its answer is some
    /// CommandCompletes, rows, at times ParameterStatus, and one ReadyForQuery.
    /// </summary>
    /// <param name="has">What the server connection has: <see cref="ReadBack.Server"/> of its last lease.</param>
    /// <param name="residue">
    /// None: the difference only. Else all is reset, and all of <paramref name="wants"/> set; from
    /// <see cref="Residue.ResettableWithStatements"/> on the connection loses its statements of the protocol too.
    /// </param>
    /// <returns>False where there is nothing to do, and nothing was written.</returns>
    public static bool WriteChange(IBufferWriter<byte> sql, SessionState has, Residue residue, SessionState wants)
    {
        if (residue == Residue.None && has.Equals(wants))
            return false;
        var dropsAll = residue >= Residue.ResettableWithStatements;
        var sets = residue == Residue.None ? HasOtherSettings(has, wants) : wants.Settings.Count > 0;
        var drops = !dropsAll && has.Statements.Any(pair => wants.FindStatement(pair.Key) != pair.Value);
        if (residue == Residue.None && !sets && !drops)
            return false;

        var writer = new SqlWriter(sql);
        writer.Raw(Begin);
        if (drops)
            Drop(writer, has, wants);
        if (residue == Residue.None)
        {
            if (sets)
                SettingsBatch.WriteDifference(writer, has, wants);
        }
        else
        {
            writer.Raw(ResetMost);
            if (dropsAll)
                writer.Raw(";DEALLOCATE ALL"u8);
            writer.Raw(ResetRest);
            if (sets)
            {
                writer.Raw(";SET LOCAL exit_on_error=on"u8);
                SettingsBatch.WriteDifference(writer, SessionState.Empty, wants);
            }
        }

        writer.Raw(";COMMIT"u8);
        return true;
    }

    /// <summary>
    /// Writes a second Query, to be sent behind that of <see cref="WriteChange"/>: the PREPAREs that the client has and
    /// the connection lacks. A Query of its own, since a fault in such a text would keep the first from being run; its
    /// own failure costs the client its statements and tells nobody anything.
    /// </summary>
    /// <returns>False where there is nothing to do, and nothing was written.</returns>
    public static bool WriteStatements(IBufferWriter<byte> sql, SessionState has, Residue residue, SessionState wants)
    {
        var writer = new SqlWriter(sql);
        var isFirst = true;
        var isGone = residue >= Residue.ResettableWithStatements;
        foreach (var (name, text) in wants.Statements)
        {
            if (!isGone && has.FindStatement(name) == text)
                continue;
            if (!isFirst)
                writer.Raw(";"u8);
            isFirst = false;
            writer.Raw(System.Text.Encoding.Latin1.GetBytes(text));
        }

        return !isFirst;
    }

    /// <summary>
    /// Writes one SELECT whose rows (kind, name, value) a <see cref="ReadBack"/> takes. To be sent after the
    /// transaction, on its own connection, before another client gets it. Should it fail, the connection is unproven
    /// (<see cref="Residue.ResettableWithStatements"/>), and the client's state is as before.
    /// </summary>
    /// <param name="touched">All that the transaction's texts touched, joined.</param>
    /// <param name="before">The client's state before the transaction.</param>
    /// <param name="isPinned">The client is pinned: all that can pin is asked for, if the texts may have ended it.</param>
    /// <param name="isCertain">No error and no ROLLBACK (also TO a savepoint) was seen: what the texts say was done.</param>
    /// <returns>False where there is nothing to ask, and nothing was written.</returns>
    public static bool WriteReadBack(
        IBufferWriter<byte> sql, SqlReading touched, SessionState before, bool isPinned, bool isCertain)
    {
        var questions = new Questions(touched, before, isPinned, isCertain);
        if (!questions.IsAny)
            return false;
        QuestionText.Write(new SqlWriter(sql), questions);
        return true;
    }

    private static bool HasOtherSettings(SessionState has, SessionState wants)
    {
        if (has.Settings.Count != wants.Settings.Count)
            return true;
        for (var i = 0; i < has.Settings.Count; i++)
        {
            if (!has.Settings[i].Equals(wants.Settings[i]))
                return true;
        }

        return false;
    }

    private static void Drop(in SqlWriter writer, SessionState has, SessionState wants)
    {
        foreach (var (name, text) in has.Statements)
        {
            if (wants.FindStatement(name) == text)
                continue;
            writer.Raw(";DEALLOCATE "u8);
            writer.Name(name);
        }
    }
}
