namespace Weir.Core.Pooling.Messages;

/// <summary>Reads the tag of a CommandComplete (PostgreSQL's cmdtaglist.h has them all).</summary>
internal static class CommandTag
{
    /// <param name="body">Of a CommandComplete: the tag and its NUL.</param>
    public static CommandKind Read(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        var tag = end < 0 ? body : body[..end];
        var space = tag.IndexOf((byte)' ');
        var word = space < 0 ? tag : tag[..space];
        var rest = space < 0 ? default : tag[(space + 1)..];
        // The first letter parts the tags, and the commonest are told by one compare.
        return word.IsEmpty ? CommandKind.Other : word[0] switch
        {
            (byte)'S' => ReadS(word, rest),
            (byte)'D' => ReadD(word, rest),
            (byte)'C' => ReadC(word, rest),
            (byte)'R' => ReadR(word, rest),
            (byte)'P' when word.SequenceEqual("PREPARE"u8) =>
                rest.IsEmpty ? CommandKind.Prepare : CommandKind.PrepareTransaction,
            (byte)'L' => ReadL(word),
            _ => ReadOther(word),
        };
    }

    private static CommandKind ReadS(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        if (word.SequenceEqual("SELECT"u8))
            return CommandKind.Select;
        if (word.SequenceEqual("SET"u8))
            return rest.IsEmpty ? CommandKind.Set : CommandKind.SetConstraints;
        if (word.SequenceEqual("START"u8))
            return CommandKind.Begin;
        if (word.SequenceEqual("SAVEPOINT"u8))
            return CommandKind.Savepoint;
        if (word.SequenceEqual("SHOW"u8))
            return CommandKind.Show;
        return word.SequenceEqual("SECURITY"u8) ? CommandKind.Ddl : CommandKind.Other;
    }

    private static CommandKind ReadD(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        if (word.SequenceEqual("DELETE"u8))
            return CommandKind.Delete;
        if (word.SequenceEqual("DEALLOCATE"u8))
            return rest.IsEmpty ? CommandKind.Deallocate : CommandKind.DeallocateAll;
        if (word.SequenceEqual("DISCARD"u8))
            return rest.SequenceEqual("ALL"u8) ? CommandKind.DiscardAll : CommandKind.Discard;
        if (word.SequenceEqual("DECLARE"u8))
            return CommandKind.DeclareCursor;
        if (word.SequenceEqual("DO"u8))
            return CommandKind.Do;
        return word.SequenceEqual("DROP"u8) ? CommandKind.Ddl : CommandKind.Other;
    }

    private static CommandKind ReadC(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        // COMMIT PREPARED ends another's transaction, not ours.
        if (word.SequenceEqual("COMMIT"u8))
            return rest.IsEmpty ? CommandKind.Commit : CommandKind.Other;
        if (word.SequenceEqual("COPY"u8))
            return CommandKind.Copy;
        if (word.SequenceEqual("CLOSE"u8))
            return CommandKind.CloseCursor;
        if (word.SequenceEqual("CALL"u8))
            return CommandKind.Call;
        return word.SequenceEqual("CREATE"u8) || word.SequenceEqual("COMMENT"u8) ? CommandKind.Ddl : CommandKind.Other;
    }

    private static CommandKind ReadR(ReadOnlySpan<byte> word, ReadOnlySpan<byte> rest)
    {
        if (word.SequenceEqual("ROLLBACK"u8))
            return rest.IsEmpty ? CommandKind.Rollback : CommandKind.Other;
        if (word.SequenceEqual("RELEASE"u8))
            return CommandKind.Release;
        if (word.SequenceEqual("RESET"u8))
            return CommandKind.Reset;
        return word.SequenceEqual("REVOKE"u8) || word.SequenceEqual("REFRESH"u8) || word.SequenceEqual("REINDEX"u8)
            || word.SequenceEqual("REASSIGN"u8)
            ? CommandKind.Ddl
            : CommandKind.Other;
    }

    private static CommandKind ReadL(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("LISTEN"u8))
            return CommandKind.Listen;
        if (word.SequenceEqual("LOAD"u8))
            return CommandKind.Load;
        return word.SequenceEqual("LOCK"u8) ? CommandKind.Lock : CommandKind.Other;
    }

    private static CommandKind ReadOther(ReadOnlySpan<byte> word)
    {
        if (word.SequenceEqual("BEGIN"u8))
            return CommandKind.Begin;
        if (word.SequenceEqual("INSERT"u8))
            return CommandKind.Insert;
        if (word.SequenceEqual("UPDATE"u8))
            return CommandKind.Update;
        if (word.SequenceEqual("MERGE"u8))
            return CommandKind.Merge;
        if (word.SequenceEqual("FETCH"u8) || word.SequenceEqual("MOVE"u8))
            return CommandKind.Fetch;
        if (word.SequenceEqual("UNLISTEN"u8))
            return CommandKind.Unlisten;
        if (word.SequenceEqual("NOTIFY"u8))
            return CommandKind.Notify;
        return word.SequenceEqual("ALTER"u8) || word.SequenceEqual("GRANT"u8) || word.SequenceEqual("IMPORT"u8)
            || word.SequenceEqual("TRUNCATE"u8)
            ? CommandKind.Ddl
            : CommandKind.Other;
    }
}
