using System.Buffers;
using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

/// <summary>Writes the SQL that turns what a server connection has into what a client wants, and that asks after it.</summary>
public static class StateBatch
{
    /// <summary>
    /// Writes one Query that resets and sets, to be pipelined ahead of the client's message. On any error within it the
    /// server ends the connection, so that what is pipelined behind is not run.
    /// </summary>
    /// <param name="has">What the server connection has: <see cref="ReadBack.Server"/> of its last lease.</param>
    /// <param name="residue">None: the difference only. Else all is reset, and all of <paramref name="wants"/> set.</param>
    /// <returns>False where there is nothing to do, and nothing was written.</returns>
    public static bool WriteChange(
        IBufferWriter<byte> sql, SessionState has, Residue residue, SessionState wants) => false;

    /// <summary>
    /// Writes a second Query, to be sent behind that of <see cref="WriteChange"/>: the PREPAREs that the client has and
    /// the connection lacks. A Query of its own, since a fault in such a text would keep the first from being run.
    /// </summary>
    /// <returns>False where there is nothing to do, and nothing was written.</returns>
    public static bool WriteStatements(
        IBufferWriter<byte> sql, SessionState has, Residue residue, SessionState wants) => false;

    /// <summary>
    /// Writes one SELECT whose rows (kind, name, value) a <see cref="ReadBack"/> takes. To be sent after the
    /// transaction, on its own connection, before another client gets it.
    /// </summary>
    /// <param name="touched">All that the transaction's texts touched, joined.</param>
    /// <param name="before">The client's state before the transaction.</param>
    /// <param name="isPinned">The client is pinned: all that can pin is asked for.</param>
    /// <param name="isCertain">No error and no ROLLBACK (also TO a savepoint) was seen: what the texts say was done.</param>
    /// <returns>False where there is nothing to ask, and nothing was written.</returns>
    public static bool WriteReadBack(
        IBufferWriter<byte> sql, SqlReading touched, SessionState before, bool isPinned, bool isCertain) => false;
}
