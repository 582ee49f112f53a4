using Weir.Core.Pooling.Messages;

namespace Weir.Core.Pooling.Leasing;

// What is owed on one server connection, in the order in which it was asked. The server answers strictly in order, so
// the head of the line says what each message is for, and to whom it goes.
//
// A server connection may be lent to another only when the line is empty, the last ReadyForQuery said 'I', and nothing
// was sent after the last Sync (an implicit transaction is open until then). Syncs are counted, never completions
// (PostgreSQL documentation, "Message Flow": after an error the server skips all up to the next Sync, Queries too).

/// <summary>The answers that one server connection still owes.</summary>
internal sealed class ReplyLine
{
    private Entry[] _entries = new Entry[16];
    private int _head;
    private int _count;

    /// <summary>How many have left the line: the number of the head.</summary>
    private long _popped;
    private long _lastSync = -1;

    /// <summary>Answers that the server owes or the house invented.</summary>
    public int Count => _count;

    /// <summary>The number of what is added next; all that is owed is numbered in order.</summary>
    public long Next => _popped + _count;

    /// <summary>A Sync or a Query is owed: how an earlier batch ends is not known.</summary>
    public bool OwesBatch => _lastSync >= _popped;

    /// <summary>Something was sent after the last Sync: the server may hold a transaction open for it.</summary>
    public bool IsUnsynced { get; private set; }

    /// <summary>True: nothing is owed and nothing hangs in the air.</summary>
    public bool IsQuiet => _count == 0 && !IsUnsynced;

    public Owed Head => _count == 0 ? Owed.Nothing : _entries[_head].What;
    public OwedTo HeadTo => _count == 0 ? OwedTo.Client : _entries[_head].To;

    /// <summary>Whatever the caller tied to the head: a statement.</summary>
    public object? HeadSubject => _count == 0 ? null : _entries[_head].Subject;

    /// <summary>What the head changes for the client, to be taken back should it be skipped; or its name.</summary>
    public object? HeadChange => _count == 0 ? null : _entries[_head].Change;

    /// <summary>The head's number.</summary>
    public long HeadNumber => _popped;

    public void Add(Owed what, OwedTo to, object? subject = null, object? change = null)
    {
        if (_count == _entries.Length)
            Grow();
        if (what >= Owed.Sync)
            _lastSync = Next;
        _entries[(_head + _count) & (_entries.Length - 1)] = new Entry(what, to, subject, change);
        _count++;
        if (to != OwedTo.Invented)
            IsUnsynced = what < Owed.Sync;
    }

    /// <summary>The head's answer is complete, or will not come.</summary>
    public Entry Pop()
    {
        var head = _entries[_head];
        _entries[_head] = default;
        _head = (_head + 1) & (_entries.Length - 1);
        _count--;
        _popped++;
        return head;
    }

    /// <summary>
    /// True if a message of this kind completes what is owed at the head, so that it is to be popped.
    /// </summary>
    public bool Completes(byte kind) => Head switch
    {
        Owed.Parse => kind == MessageKind.ParseComplete,
        Owed.Bind => kind == MessageKind.BindComplete,
        Owed.Close => kind == MessageKind.CloseComplete,
        Owed.DescribeStatement or Owed.DescribePortal => kind is MessageKind.RowDescription or MessageKind.NoData,
        Owed.Execute => kind is MessageKind.CommandComplete or MessageKind.EmptyQuery or MessageKind.PortalSuspended,
        Owed.Sync or Owed.Query or Owed.FunctionCall => kind == MessageKind.ReadyForQuery,
        _ => false,
    };

    /// <summary>
    /// An error came, and the head is of those that the server skips with all else up to the next Sync. False: a Sync,
    /// or the query that failed, is at the head, and is answered by ReadyForQuery.
    /// </summary>
    public bool SkipsHead(bool isFirst) =>
        _count > 0 && Head != Owed.Sync && !(isFirst && Head is Owed.Query or Owed.FunctionCall);

    /// <summary>All that is owed is one batch: its last is a Sync, and no other is among it.</summary>
    public bool EndsWithOnlySync
    {
        get
        {
            for (var index = 0; index < _count; index++)
            {
                if (At(index).What >= Owed.Sync != (index == _count - 1))
                    return false;
            }

            return _count > 0 && At(_count - 1).What == Owed.Sync;
        }
    }

    /// <summary>
    /// What has this number is owed from before a Sync: should that batch fail, it will not have happened, and what
    /// comes after the Sync must not build on it.
    /// </summary>
    public bool IsInDoubt(long number) => number >= _popped && _lastSync > number;

    /// <summary>Something of what is owed goes there. Looks through the line.</summary>
    public bool Owes(OwedTo to)
    {
        for (var index = 0; index < _count; index++)
        {
            if (At(index).To == to)
                return true;
        }

        return false;
    }

    /// <summary>All that is owed, in order.</summary>
    public List<Entry> Snapshot()
    {
        var all = new List<Entry>(_count);
        for (var index = 0; index < _count; index++)
            all.Add(At(index));
        return all;
    }

    /// <summary>The head's answer goes to another than was meant.</summary>
    public void Redirect(OwedTo to, object? subject) =>
        _entries[_head] = _entries[_head] with { To = to, Subject = subject };

    /// <summary>COPY FROM STDIN began: the server overlooks Syncs until it is over.</summary>
    public void ForgetSyncs()
    {
        var kept = 0;
        for (var index = 0; index < _count; index++)
        {
            var entry = _entries[(_head + index) & (_entries.Length - 1)];
            if (entry.What != Owed.Sync)
                _entries[(_head + kept++) & (_entries.Length - 1)] = entry;
        }

        _count = kept;
        _lastSync = -1;
        IsUnsynced = true;
    }

    public void Clear()
    {
        Array.Clear(_entries);
        _popped += _count;
        _head = _count = 0;
        IsUnsynced = false;
    }

    private Entry At(int index) => _entries[(_head + index) & (_entries.Length - 1)];

    private void Grow()
    {
        var grown = new Entry[_entries.Length * 2];
        for (var index = 0; index < _count; index++)
            grown[index] = _entries[(_head + index) & (_entries.Length - 1)];
        _entries = grown;
        _head = 0;
    }

    /// <param name="Subject">A statement, or what the house asked.</param>
    /// <param name="Change">Of the client's names, or the name that it used.</param>
    public readonly record struct Entry(Owed What, OwedTo To, object? Subject, object? Change);
}
