using Weir.Beat;
using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;
using Weir.Wires;

namespace Weir.Pooling;

// A connection to PostgreSQL that has logged in, and what is known of the session at its other end.
//
// It belongs to one holder at a time: the pool while it idles, a client session (or the house's own query) while it is
// lent. Whoever holds it is the wire's owner, and only the holder touches anything here. While it idles a receive is
// out, so that its end is seen before the next use.
//
//   _buffer   [Start .. End) received, not yet taken   [End ..) free

/// <summary>One server connection of a pool.</summary>
internal sealed class ServerConnection : Driven
{
    /// <summary>
    /// What one receive takes at most. PgBouncer's is 4 KiB; a large result costs a fourth of the calls.
    /// </summary>
    private const int BufferBytes = 16 * 1024;

    private byte[] _buffer = new byte[BufferBytes];
    private bool _receives;

    public ServerConnection(Pool pool, int id, Wire wire, ServerFacts facts, int statementsMax)
    {
        Pool = pool;
        Id = id;
        Wire = wire;
        wire.IsUpstream = true;
        Facts = facts;
        Statements = new ServerStatements(statementsMax);
        OpenedAt = Clock.Now;
    }

    public Pool Pool { get; }
    public int Id { get; }
    public Wire Wire { get; }
    public ServerFacts Facts { get; }

    /// <summary>How often something came; for who wants to know whether anything does.</summary>
    public uint Receives { get; private set; }

    public PinWatch Pin { get; } = new();

    /// <summary>Which of the server's addresses it went to.</summary>
    public required ServerAddress Address { get; init; }
    public ReplyLine Owed { get; } = new();
    public ServerStatements Statements { get; }

    /// <summary>
    /// The unnamed statement; <see cref="PreparedStatement.Unknown"/> where it may have one that nobody knows.
    /// </summary>
    public PreparedStatement? Unnamed { get; set; }

    /// <summary>The settings and SQL-level statements that the session has.</summary>
    public SessionState Has { get; set; } = SessionState.Empty;

    /// <summary>What else it may have that no other client may meet.</summary>
    public Residue Residue { get; set; }

    /// <summary>The pool's count of schema changes when its statements were last known to be good.</summary>
    public int SchemaEpoch { get; set; }

    /// <summary>The client that held it last; 0: none yet.</summary>
    public long LastClient { get; set; }

    /// <summary>'I', 'T' or 'E', as ReadyForQuery said last.</summary>
    public byte Status { get; set; } = (byte)'I';

    /// <summary>Not of the pool's count, and closed after its one use.</summary>
    public bool IsAlone { get; init; }

    /// <summary>The I/O thread that drives it; −1: none.</summary>
    public int Near => (Wire as SocketWire)?.ThreadIndex ?? -1;

    /// <summary>Not to be lent again.</summary>
    public bool IsSpent { get; set; }

    public long OpenedAt { get; }

    /// <summary>When it is too old to be lent again.</summary>
    public long RetireAt { get; set; } = long.MaxValue;

    /// <summary>Since when its holder has it, or it idles.</summary>
    public long Since { get; set; }

    /// <summary>Who holds it, for people; null: it idles.</summary>
    public ServerHolder? Holder { get; set; }

    /// <summary>Why a cancel did not get through; null: none failed.</summary>
    public string? CancelFault { get; set; }

    public byte[] Buffer => _buffer;
    public int Start { get; private set; }
    public int End { get; private set; }
    public ReadOnlySpan<byte> Here => _buffer.AsSpan(Start, End - Start);

    /// <summary>True while an idle connection has said nothing and has not ended.</summary>
    public bool IsQuiet => _receives && Wire.IsReceiving && Start == End;

    /// <summary>
    /// A batch that makes it so goes to the server: the difference only where nothing is reset, else all of it. What
    /// the client itself may have left stays noted unless all was reset.
    /// </summary>
    public void Become(SessionState wanted, Residue reset)
    {
        if (reset >= Residue.ResettableWithStatements)
            Statements.Clear();
        if (reset != Residue.None)
            Residue = Residue.None;
        Has = wanted;
    }

    /// <summary>Bytes were taken out of the buffer.</summary>
    public void Take(int count) => Start += count;

    /// <summary>
    /// Receives more. More than 0: bytes came. 0: the owner is woken when some do. Less than 0: the connection has
    /// ended.
    /// </summary>
    public int Receive()
    {
        if (!_receives)
        {
            MakeRoom();
            _receives = true;
            Wire.BeginReceive(_buffer, End, _buffer.Length - End);
        }

        if (Wire.IsReceiving)
            return 0;
        _receives = false;
        var received = Wire.Received;
        if (received <= 0)
            return -1;
        End += received;
        Receives++;
        return received;
    }

    /// <summary>Room for one message that must be whole to be understood; false past the bound.</summary>
    public bool Fits(int bytes)
    {
        const int wholeMax = 1 << 20;
        if (bytes > wholeMax)
            return false;
        if (bytes <= _buffer.Length || _receives)
            return true;
        var grown = new byte[bytes];
        Here.CopyTo(grown);
        (_buffer, Start, End) = (grown, 0, End - Start);
        return true;
    }

    /// <summary>The pool's from now on; a receive goes out so that its end is seen. False: it has ended.</summary>
    public bool BeginIdle(long now)
    {
        if (_buffer.Length > BufferBytes && Start == End && !_receives)
            _buffer = new byte[BufferBytes];
        Since = now;
        Holder = null;
        Wire.Owner = this;
        return Start == End && Receive() == 0;
    }

    public void Close()
    {
        Wire.Owner = null;
        Wire.Close();
    }

    /// <summary>Something came while it idled; the pool looks at it.</summary>
    protected override void Advance() => Pool.Look(this);

    protected override void Fail(Exception exception) => Pool.Fault(this, exception);

    /// <summary>
    /// What a server may say unasked is taken out: notices, new values of its parameters, notifications that nobody
    /// listens for. False: it has ended, or said what it may not.
    /// </summary>
    public bool TakeUnasked()
    {
        while (true)
        {
            while (MessageHeader.TryRead(Here, out var kind, out var bytes))
            {
                if (kind is not (MessageKind.Notice or MessageKind.ParameterStatus or MessageKind.Notification)
                    || bytes < 0 || !Fits(MessageHeader.Bytes + bytes))
                    return false;
                if (Here.Length < MessageHeader.Bytes + bytes)
                    break;
                if (kind == MessageKind.ParameterStatus)
                    Facts.Parameters.Read(Here.Slice(MessageHeader.Bytes, bytes));
                Take(MessageHeader.Bytes + bytes);
            }

            var received = Receive();
            if (received <= 0)
                return received == 0;
        }
    }

    private void MakeRoom()
    {
        if (Start == End)
        {
            Start = End = 0;
        }
        else if (Start > 0 && (End == _buffer.Length || Start > _buffer.Length / 2))
        {
            Here.CopyTo(_buffer);
            End -= Start;
            Start = 0;
        }
    }
}
