using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A blocking PostgreSQL client that hides nothing: it sends any bytes, stops anywhere, and vanishes without a word.
/// Every wait has a deadline (<see cref="Patience"/>), after which it throws.
/// </summary>
internal sealed class PgRawClient : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Socket _socket;
    private byte[] _buffer = new byte[8192];
    private int _begin;
    private int _end;

    /// <summary>Connects and sends nothing.</summary>
    public PgRawClient(int port)
        : this(new IPEndPoint(IPAddress.Loopback, port))
    {
    }

    public PgRawClient(EndPoint server)
    {
        var isTcp = server.AddressFamily != AddressFamily.Unix;
        var protocol = isTcp ? ProtocolType.Tcp : ProtocolType.Unspecified;
        _socket = new Socket(server.AddressFamily, SocketType.Stream, protocol)
        {
            ReceiveTimeout = (int)Patience.TotalMilliseconds,
            SendTimeout = (int)Patience.TotalMilliseconds,
        };
        if (isTcp) _socket.NoDelay = true;
        _socket.Connect(server);
        Server = server;
    }

    public EndPoint Server { get; }

    /// <summary>The ParameterStatus values told so far.</summary>
    public Dictionary<string, string> Parameters { get; } = [];

    /// <summary>Channel and payload of the notifications read so far.</summary>
    public List<(string Channel, string Payload)> Notifications { get; } = [];

    public int Pid { get; private set; }
    public byte[] Secret { get; private set; } = [];

    /// <summary>Connects and logs in; throws with the server's words where it is refused.</summary>
    public static PgRawClient LogIn(
        int port, string user, string database, params (string Name, string Value)[] more)
    {
        var client = new PgRawClient(port);
        try
        {
            return client.LogIn(user, database, "", more);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public PgRawClient LogIn(
        string user, string database, string password = "", params (string Name, string Value)[] more)
    {
        Send(new PgBatch().Startup(user, database, more));
        while (true)
        {
            var message = Read() ?? throw new IOException("closed while logging in");
            switch (message.Kind)
            {
                case 'E':
                    throw new IOException("refused: " + message);
                case 'R' when message.Int32() == 3:
                    Send(new PgBatch().Password(password));
                    break;
                case 'R' when message.Int32() != 0:
                    throw new IOException($"asked for authentication {message.Int32()}");
                case 'Z':
                    return this;
            }
        }
    }

    public PgRawClient Send(PgBatch batch) => Send(batch.Bytes);

    public PgRawClient Send(ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0) bytes = bytes[_socket.Send(bytes)..];
        return this;
    }

    /// <summary>One message, or null where the server has closed.</summary>
    public PgMessage? Read()
    {
        if (!Fill(5)) return null;
        var kind = (char)_buffer[_begin];
        var length = BinaryPrimitives.ReadInt32BigEndian(_buffer.AsSpan(_begin + 1)) + 1;
        if (!Fill(length)) return null;
        var message = new PgMessage(kind, _buffer[(_begin + 5)..(_begin + length)]);
        _begin += length;
        Note(message);
        return message;
    }

    /// <summary>One byte outside of any message: the answer to an SSLRequest.</summary>
    public char ReadByte() => Fill(1) ? (char)_buffer[_begin++] : '\0';

    /// <summary>Reads up to ReadyForQuery; throws with all that came where the server closes first.</summary>
    public PgAnswer ReadAnswer()
    {
        var messages = new List<PgMessage>();
        do
        {
            messages.Add(Read() ?? throw new IOException("closed after " + string.Join(' ', messages)));
        }
        while (messages[^1].Kind != 'Z');
        return new PgAnswer { Messages = messages };
    }

    /// <summary>Reads until a message of this kind has come, and returns it.</summary>
    public PgMessage ReadTo(char kind)
    {
        var seen = new List<PgMessage>();
        while (true)
        {
            var message = Read() ?? throw new IOException("closed after " + string.Join(' ', seen));
            if (message.Kind == kind) return message;
            seen.Add(message);
            if (message.Kind == 'E') throw new IOException($"no {kind} after {string.Join(' ', seen)}");
        }
    }

    public PgAnswer Ask(PgBatch batch) => Send(batch).ReadAnswer();

    public PgAnswer Query(string sql) => Ask(new PgBatch().Query(sql));

    /// <summary>Runs text that must not fail, and returns the first cell.</summary>
    public string? Do(string sql)
    {
        var answer = Query(sql);
        return answer.Fault.Length == 0 ? answer.Value : throw new InvalidOperationException($"{sql}: {answer.Fault}");
    }

    /// <summary>Waits until so many notifications have come in all.</summary>
    public bool HasNotified(int count, TimeSpan limit)
    {
        var end = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (Notifications.Count < count)
        {
            var left = end - Environment.TickCount64;
            if (_begin == _end && (left <= 0 || !_socket.Poll(TimeSpan.FromMilliseconds(left), SelectMode.SelectRead)))
                return false;
            if (Read() is null) return false;
        }

        return true;
    }

    /// <summary>True where anything comes, or the server closes, within the limit.</summary>
    public bool IsReadableWithin(TimeSpan limit) => _begin != _end || _socket.Poll(limit, SelectMode.SelectRead);

    /// <summary>True where the server has closed (or closes within the limit) with nothing more to read.</summary>
    public bool IsClosedWithin(TimeSpan limit)
    {
        if (!_socket.Poll(limit, SelectMode.SelectRead)) return false;
        try
        {
            return _socket.Receive(new byte[1], SocketFlags.Peek) == 0;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    /// <summary>Asks for a cancel as drivers do, on a connection of its own; returns when that was closed.</summary>
    public void Cancel()
    {
        using var other = BeginCancel();
        other.IsClosedWithin(Patience);
    }

    /// <summary>Asks for a cancel, and returns the connection that asks.</summary>
    public PgRawClient BeginCancel() => new PgRawClient(Server).Send(new PgBatch().Cancel(Pid, Secret));

    /// <summary>Half-closes: the server reads the end, and may still answer.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Goes as a killed process goes: no Terminate; the kernel resets where bytes are unread.</summary>
    public void Vanish() => _socket.Dispose();

    /// <summary>Resets the connection.</summary>
    public void Cut()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose()
    {
        try
        {
            if (_socket.Connected) _socket.Send(new PgBatch().Terminate().Bytes);
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // It has gone already.
        }

        _socket.Dispose();
    }

    private void Note(PgMessage message)
    {
        switch (message.Kind)
        {
            case 'S' when message.Strings() is [var name, var value]:
                Parameters[name] = value;
                break;
            case 'A' when message.Strings(skip: 4) is [var channel, ..] words:
                Notifications.Add((channel, words.Length > 1 ? words[1] : ""));
                break;
            case 'K':
                (Pid, Secret) = (message.Int32(), message.Body[4..]);
                break;
        }
    }

    /// <summary>Reads until so many bytes are there; false at the end of the stream.</summary>
    private bool Fill(int wanted)
    {
        while (_end - _begin < wanted)
        {
            if (_begin > 0)
            {
                _buffer.AsSpan(_begin.._end).CopyTo(_buffer);
                (_begin, _end) = (0, _end - _begin);
            }

            if (_buffer.Length < wanted) Array.Resize(ref _buffer, Math.Max(wanted, _buffer.Length * 2));
            int read;
            try
            {
                read = _socket.Receive(_buffer.AsSpan(_end));
            }
            catch (SocketException fault) when (fault.SocketErrorCode is SocketError.ConnectionReset
                or SocketError.Shutdown)
            {
                return false;
            }
            catch (SocketException fault)
            {
                throw new IOException($"{fault.SocketErrorCode} while waiting for the server", fault);
            }

            if (read == 0) return false;
            _end += read;
        }

        return true;
    }
}
