using Weir.Core.Pooling.Leasing;

namespace Weir.Pooling;

// The client's names of statements. They change when its message is taken, ahead of the server's answer, so that it may
// send on. An error may undo that: the server skips the rest of the batch, up to the Sync.
//
//   What stands in the same batch is skipped with the change, so it may build on it.
//   What stands behind the Sync is not, and must not: it waits until the change is answered.
internal sealed partial class ClientSession
{
    private PreparedStatement? _unnamed;

    /// <summary>The numbers of what changed names last, in the present server connection's line.</summary>
    private long _namedChange = -1;
    private long _unnamedChange = -1;

    /// <summary>The client's next message waits for the answer to this one; −1: for none.</summary>
    private long _awaited = -1;

    /// <summary>True: what the name means is not known yet, and the message stays where it is until it is.</summary>
    private bool MustHear(bool isUnnamed)
    {
        var change = isUnnamed ? _unnamedChange : _namedChange;
        if (_server is not { } server || !server.Owed.IsInDoubt(change))
            return false;
        _awaited = change;
        return true;
    }

    /// <summary>For the line; null where nothing stands before the message that could have it skipped.</summary>
    private NameChange? ChangeOfUnnamed() => _server!.Owed.IsQuiet ? null : new NameChange(null, _unnamed);

    /// <summary>
    /// These were skipped with the first of them, which failed: what they were to change is as it was. The last one
    /// first, so that each name means in the end what it meant before all of them.
    /// </summary>
    private void TakeBack(List<ReplyLine.Entry> skipped, ServerConnection server)
    {
        NameChange? unnamed = null;
        if (server.Owed.Count == 0)
        {
            // Of this batch still, and the newest of its changes.
            Restore(_bound);
            _bound = null;
        }

        for (var index = skipped.Count - 1; index >= 0; index--)
        {
            var entry = skipped[index];
            TakeBackThere(entry, server.Statements);
            if (server.Owed.HeadNumber - skipped.Count + index == _unnamedChange)
                server.Unnamed = PreparedStatement.Unknown;
            Restore(entry.Subject);
            if (entry.Change is NameChange { Name: { } name, Before: var before })
            {
                if (Knows(name))
                    Forget(name);
                if (before is not null)
                    Learn(name, TakeAgain(before));
            }
            else if (entry.Change is NameChange change)
            {
                unnamed = change;
            }
        }

        // A Parse without a name that fails itself has dropped what there was.
        if (skipped[0] is { What: Owed.Parse, To: OwedTo.Client, Subject: not null } first
            && first.Change is not NameChange { Name: not null })
            unnamed = s_nothing;

        if (unnamed is not null)
            TakeBackUnnamed(unnamed.Before, server.Owed);
    }

    private static readonly NameChange s_nothing = new(null, before: null);

    /// <summary>
    /// In the place of a change: the Parse gives the server a statement by its own name, and the client nothing.
    /// </summary>
    private sealed class OfTheHouse
    {
        public static OfTheHouse Parse { get; } = new();
    }

    private static void TakeBackThere(in ReplyLine.Entry entry, ServerStatements there)
    {
        if (entry.Subject is not PreparedStatement statement)
            return;
        if (entry is { What: Owed.Parse, To: not OwedTo.Invented }
            && entry.Change is NameChange { Name: not null } or OfTheHouse)
            there.Remove(statement);
        else if (entry is { What: Owed.Close, To: OwedTo.House } && !there.Use(statement))
            there.Add(statement);
    }

    private void TakeBackUnnamed(PreparedStatement? before, ReplyLine owed)
    {
        if (_unnamedChange < owed.HeadNumber)
        {
            ForgetUnnamed();
            _unnamed = before is null ? null : TakeAgain(before);
            return;
        }

        // A later batch has replaced it already, and may fail too: then this is what was before.
        var next = owed.Snapshot().Select(entry => entry.Change).OfType<NameChange>()
            .FirstOrDefault(change => change.Name is null);
        if (next is not null)
            next.Before = before;
    }

    /// <summary>The book may have forgotten it meanwhile.</summary>
    private PreparedStatement TakeAgain(PreparedStatement statement) =>
        _rooms.Statements.Take(statement.Text, statement.Types);

    private bool Knows(ReadOnlySpan<byte> name) =>
        _named is not null && _named.GetAlternateLookup<ReadOnlySpan<byte>>().ContainsKey(name);

    private PreparedStatement? Find(ReadOnlySpan<byte> name) => Find(name, out _);

    /// <param name="known">The name, kept; null for the unnamed one.</param>
    private PreparedStatement? Find(ReadOnlySpan<byte> name, out byte[]? known)
    {
        known = null;
        if (name.IsEmpty)
            return _unnamed;
        PreparedStatement? statement = null;
        _named?.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(name, out known, out statement);
        return statement;
    }

    private void Learn(byte[] name, PreparedStatement statement)
    {
        _named ??= new Dictionary<byte[], PreparedStatement>(ByteText.Comparer);
        _named[name] = statement;
    }

    private void Forget(ReadOnlySpan<byte> name)
    {
        if (_named!.GetAlternateLookup<ReadOnlySpan<byte>>().Remove(name, out _, out var statement))
            _rooms.Statements.Give(statement);
    }

    private void ForgetUnnamed()
    {
        if (_unnamed is not { } statement)
            return;
        _unnamed = null;
        _rooms.Statements.Give(statement);
    }

    /// <summary>DEALLOCATE ALL and DISCARD ALL take the client's own statements with them.</summary>
    private void ForgetAllStatements()
    {
        foreach (var statement in _named?.Values ?? Enumerable.Empty<PreparedStatement>())
            _rooms.Statements.Give(statement);
        _named = null;
    }

    /// <summary>The text failed, or was overlooked: the client still has what it did not come to DEALLOCATE.</summary>
    private void Restore(object? subject)
    {
        while (subject is Deallocations left && left.TryTake(out var name, out var statement))
        {
            if (!Knows(name))
                Learn(name, TakeAgain(statement));
        }
    }

    /// <summary>
    /// The error as the client knows the statement; null: it does not name it. (A Bind with too few values tells the
    /// statement's name, which is the house's.)
    /// </summary>
    private static byte[]? Retold(ReadOnlySpan<byte> error, PreparedStatement statement, byte[] name)
    {
        // Of one that is too long to be here whole nothing is changed.
        var at = error.EndsWith("\0\0"u8) ? error.IndexOf(statement.ServerName) : -1;
        return at < 0 ? null : [.. error[..at], .. name, .. error[(at + statement.ServerName.Length)..]];
    }

    /// <summary>True: the client is told this message in other words.</summary>
    private bool Retell(byte kind)
    {
        if (_retold is not { } body)
            return false;
        _retold = null;
        _out.Messages.Begin(kind);
        _out.Messages.Bytes(body);
        _out.Messages.End();
        return true;
    }
}
