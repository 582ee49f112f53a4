using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

/// <summary>What the server answered to <see cref="StateBatch.WriteReadBack"/>. One a question; not reused.</summary>
public sealed class ReadBack
{
    private int _rows;

    /// <summary>What pins the client from now on; known after <see cref="Apply"/>.</summary>
    public PinReasons Pins { get; private set; }

    /// <summary>What the server connection has; known after <see cref="Apply"/>.</summary>
    public SessionState Server { get; private set; } = SessionState.Empty;

    /// <summary>One row, its columns as they came.</summary>
    public void Row(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        _rows++;
    }

    /// <summary>The client's state after the transaction.</summary>
    /// <param name="before">Its state before, which was the connection's too.</param>
    /// <param name="startup">What its startup packet set: RESET goes back to that.</param>
    /// <param name="touched">As given to the question.</param>
    /// <param name="pinned">What pinned the client until now.</param>
    /// <param name="isCertain">As given to the question.</param>
    public SessionState Apply(
        SessionState before, SessionState startup, SqlReading touched, PinReasons pinned, bool isCertain)
    {
        Server = before;
        Pins = _rows < 0 ? PinReasons.None : pinned;
        return before;
    }
}
