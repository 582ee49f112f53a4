using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

// The console's side of the protocol, simple and extended. One command at a time is under way; until it is done nothing
// more is taken. A portal of a SHOW is run when it is described, since its columns are known only then, and gives those
// rows when it is executed. A command that acts answers no rows, so describing it does not run it.

/// <summary>The messages of one console session: what comes in, and what goes out.</summary>
internal sealed class ConsoleTalk(ConsoleDesk desk, bool isAdmin, PacketWriter output, Action raise)
{
    private const int CommandBytesMax = 64 * 1024;

    private readonly Dictionary<string, string> _statements = [];
    private readonly Dictionary<string, Portal> _portals = [];
    private Task<ConsoleReply>? _running;
    private Action<ConsoleReply>? _whenDone;
    private Action? _cancel;
    private bool _skipsToSync;

    /// <summary>True while a command is under way, and nothing more may be taken.</summary>
    public bool IsBusy => _running is not null;

    /// <summary>Why the session has to end: what came is no message; null: it goes on.</summary>
    public string? Violation { get; private set; }

    /// <summary>The client has said goodbye.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The client wants to see what there is.</summary>
    public bool WantsFlush { get; set; }

    /// <summary>What is under way is to end, with an error; a pause that it made ends too.</summary>
    public void Cancel() => _cancel?.Invoke();

    /// <summary>True: a command that was under way is done, and answered.</summary>
    public bool LookAtCommand()
    {
        if (_running is not { IsCompleted: true } done)
            return false;
        _running = null;
        var reply = done.IsCompletedSuccessfully ? done.Result
            : done.IsCanceled ? ConsoleReply.Wrong(SqlStates.QueryCanceled, "canceling statement due to user request")
            : ConsoleReply.Wrong(SqlStates.InternalError, $"{done.Exception?.GetBaseException().Message}");
        _whenDone!(reply);
        return true;
    }

    /// <summary>How many bytes of a message must be here before it is taken; 0: its head is not here yet.</summary>
    public static int BytesOf(ReadOnlySpan<byte> here, out bool isTooLong)
    {
        isTooLong = false;
        if (!MessageHeader.TryRead(here, out _, out var bytes))
            return 0;
        isTooLong = bytes is < 0 or > CommandBytesMax;
        return isTooLong ? 0 : MessageHeader.Bytes + bytes;
    }

    /// <summary>One whole message.</summary>
    public void Take(byte kind, ReadOnlySpan<byte> body)
    {
        if (_skipsToSync && kind is not (MessageKind.Sync or MessageKind.Terminate))
            return;
        switch (kind)
        {
            case MessageKind.Query:
                TakeQuery(body);
                break;
            case MessageKind.Parse:
                TakeParse(body);
                break;
            case MessageKind.Bind:
                TakeBind(body);
                break;
            case MessageKind.Describe:
                TakeDescribe(body);
                break;
            case MessageKind.Execute:
                TakeExecute(body);
                break;
            case MessageKind.Close:
                TakeClose(body);
                break;
            case MessageKind.Sync:
                _skipsToSync = false;
                _portals.Clear();
                output.ReadyForQuery((byte)'I');
                WantsFlush = true;
                break;
            case MessageKind.Flush:
                WantsFlush = true;
                break;
            case MessageKind.Terminate:
                IsOver = true;
                break;
            case MessageKind.CopyData or MessageKind.CopyDone or MessageKind.CopyFail:
                break;
            default:
                Violation = $"the console does not take messages of type {kind}";
                break;
        }
    }

    private void TakeQuery(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty || body[^1] != 0)
        {
            Violation = "invalid message format of a query";
            return;
        }

        Run(Encoding.UTF8.GetString(body[..^1]), reply =>
        {
            if (reply.Table is { } table)
                ConsoleRows.WriteDescription(output, table, []);
            WriteResult(reply, [], isExtended: false);
            output.ReadyForQuery((byte)'I');
            WantsFlush = true;
        });
    }

    private void TakeParse(ReadOnlySpan<byte> body)
    {
        if (!ParseMessage.TryRead(body, out var message))
        {
            Violation = "invalid message format of Parse";
            return;
        }

        _statements[Encoding.UTF8.GetString(message.Name)] = Encoding.UTF8.GetString(message.Text);
        output.ParseComplete();
    }

    private void TakeBind(ReadOnlySpan<byte> body)
    {
        if (BindMessage.TryRead(body, body.Length, out var message) != PacketRead.Whole
            || !TryReadFormats(body[message.RestOffset..], out var parameters, out var formats))
        {
            Violation = "invalid message format of Bind";
            return;
        }

        if (!_statements.TryGetValue(Encoding.UTF8.GetString(message.Statement), out var text))
        {
            Fail(SqlStates.UndefinedStatement, "prepared statement does not exist");
            return;
        }

        if (parameters > 0)
        {
            Fail(SqlStates.FeatureNotSupported, "commands of the console have no parameters");
            return;
        }

        _portals[Encoding.UTF8.GetString(message.Portal)] = new Portal(text, formats);
        output.BindComplete();
    }

    /// <summary>How many parameters there are, and the formats that results shall have.</summary>
    private static bool TryReadFormats(ReadOnlySpan<byte> rest, out int parameters, out short[] formats)
    {
        (parameters, formats) = (0, []);
        if (!TryTakeCount(ref rest, out var codes) || rest.Length < codes * sizeof(short))
            return false;
        rest = rest[(codes * sizeof(short))..];
        if (!TryTakeCount(ref rest, out parameters))
            return false;
        if (parameters > 0)
            return true;
        if (!TryTakeCount(ref rest, out var results) || rest.Length != results * sizeof(short))
            return false;
        formats = new short[results];
        for (var index = 0; index < results; index++)
            formats[index] = System.Buffers.Binary.BinaryPrimitives.ReadInt16BigEndian(rest[(index * 2)..]);
        return true;
    }

    private static bool TryTakeCount(ref ReadOnlySpan<byte> rest, out int count)
    {
        count = 0;
        if (rest.Length < sizeof(ushort))
            return false;
        count = System.Buffers.Binary.BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[sizeof(ushort)..];
        return true;
    }

    private void TakeDescribe(ReadOnlySpan<byte> body)
    {
        if (!DescribeMessage.TryRead(body, out var message))
        {
            Violation = "invalid message format of Describe";
            return;
        }

        var name = Encoding.UTF8.GetString(message.Name);
        if (message.Target == DescribeMessage.Portal)
        {
            if (!_portals.TryGetValue(name, out var portal))
                Fail(SqlStates.UndefinedCursor, $"portal \"{name}\" does not exist");
            else
                Describe(portal);
            return;
        }

        if (!_statements.TryGetValue(name, out var text))
        {
            Fail(SqlStates.UndefinedStatement, $"prepared statement \"{name}\" does not exist");
            return;
        }

        output.Raw("t\0\0\0\u0006\0\0"u8);
        Describe(new Portal(text, []));
    }

    private void Describe(Portal portal)
    {
        if (ConsoleCommand.Parse(portal.Text) is { Verb: "SHOW" })
            RunPortal(portal, reply => WriteDescription(reply, portal.Formats));
        else
            output.NoData();
    }

    private void TakeExecute(ReadOnlySpan<byte> body)
    {
        if (!ExecuteMessage.TryRead(body, out var bytes))
        {
            Violation = "invalid message format of Execute";
            return;
        }

        var name = Encoding.UTF8.GetString(bytes);
        if (!_portals.TryGetValue(name, out var portal))
            Fail(SqlStates.UndefinedCursor, $"portal \"{name}\" does not exist");
        else
            RunPortal(portal, reply => WriteResult(reply, portal.Formats, isExtended: true));
    }

    private void TakeClose(ReadOnlySpan<byte> body)
    {
        if (!DescribeMessage.TryRead(body, out var message))
        {
            Violation = "invalid message format of Close";
            return;
        }

        var name = Encoding.UTF8.GetString(message.Name);
        if (message.Target == DescribeMessage.Portal)
            _portals.Remove(name);
        else
            _statements.Remove(name);
        output.CloseComplete();
    }

    private void RunPortal(Portal portal, Action<ConsoleReply> then)
    {
        if (portal.Reply is { } known)
        {
            then(known);
            return;
        }

        Run(portal.Text, reply =>
        {
            portal.Reply = reply;
            then(reply);
        });
    }

    private void Run(string text, Action<ConsoleReply> then)
    {
        // It has no timer and nobody's registrations outlive the command: there is nothing to dispose of.
        var cancel = new CancellationTokenSource();
        _cancel = cancel.Cancel;
        var running = desk.RunAsync(text, isAdmin, cancel.Token);
        _whenDone = then;
        _running = running;
        if (running.IsCompleted)
            LookAtCommand();
        else
            _ = running.ContinueWith(_ => raise(), TaskScheduler.Default);
    }

    private void WriteDescription(ConsoleReply reply, IReadOnlyList<short> formats)
    {
        if (reply.Error is { } error)
            Fail(error.Code, error.Message);
        else if (reply.Table is { } table)
            ConsoleRows.WriteDescription(output, table, formats);
        else
            output.NoData();
    }

    private void WriteResult(ConsoleReply reply, IReadOnlyList<short> formats, bool isExtended)
    {
        if (reply.Notice is { } notice)
            output.Notice(new PgError("NOTICE", "00000", notice));
        if (reply.Error is { } error)
        {
            output.Error(error);
            _skipsToSync = isExtended;
            return;
        }

        foreach (var row in reply.Table?.Rows ?? [])
            ConsoleRows.WriteRow(output, reply.Table!, row, formats);
        if (reply.Tag.Length == 0)
            output.EmptyQuery();
        else
            output.CommandComplete(Encoding.UTF8.GetBytes(reply.Tag));
    }

    private void Fail(string code, string why)
    {
        output.Error(PgError.Error(code, why));
        _skipsToSync = true;
    }

    private sealed class Portal(string text, short[] formats)
    {
        public string Text { get; } = text;
        public short[] Formats { get; } = formats;

        /// <summary>What it answered when it was run; null: not yet.</summary>
        public ConsoleReply? Reply { get; set; }
    }
}
