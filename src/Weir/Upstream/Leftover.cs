using Weir.Beat;
using Weir.Core.Routing;
using Weir.Routing;

namespace Weir.Upstream;

/// <summary>
/// An attempt whose exchange has gone, while the app still works on it or has not closed yet. It reads the answer away
/// and gives the slot back when the app is done: a hung worker is a fact, not a free slot.
/// </summary>
internal sealed class Leftover : Driven
{
    /// <summary>
    /// A worker that closes its connection is taken for free so long after its last byte, if no FIN came before.
    /// </summary>
    private const long CloseWait = 20_000;

    private readonly Rooms _rooms;
    private readonly UpstreamConnection _connection;
    private readonly App _app;
    private RoutingEvent _giveBack;
    private bool _isAnswered;
    private bool _isDone;
    private bool _isLost;

    public Leftover(Rooms rooms, UpstreamConnection connection, App app, in RoutingEvent giveBack)
    {
        _rooms = rooms;
        _connection = connection;
        _app = app;
        _giveBack = giveBack;
    }

    /// <summary>The answer is whole; only the app's close is awaited.</summary>
    public void AwaitClose(long now)
    {
        _isAnswered = true;
        TakeOver(now + CloseWait, isFast: true);
    }

    /// <summary>The answer, or the rest of it, is read and thrown away.</summary>
    public void ReadAway(long now, long stuckAt) => TakeOver(Math.Max(now, stuckAt), isFast: false);

    protected override void Advance()
    {
        if (_isDone)
            return;
        var now = Clock.Now;
        if (!_isAnswered)
            ReadOn(now);
        if (_isAnswered && !_isDone && (_connection.AwaitsEnd() || now >= Deadline))
            Finish();
        if (!_isDone && !_isAnswered && now >= Deadline)
            CallStuck();
    }

    protected override void Fail(Exception exception)
    {
        _rooms.Counters.Fault();
        Finish();
    }

    private void TakeOver(long deadline, bool isFast)
    {
        Deadline = deadline;
        _rooms.Heartbeat.Add(this, isFast);
        _connection.Wire.Owner = this;
        // News may have gone to the last owner between its last look and the hand-over.
        Raise();
    }

    private void ReadOn(long now)
    {
        while (true)
        {
            switch (_connection.Next(_rooms.Limits))
            {
                case AnswerPiece.Waiting:
                    return;
                case AnswerPiece.Interim or AnswerPiece.Head or AnswerPiece.Payload:
                    continue;
                case AnswerPiece.End when _connection.IsReusable && !_rooms.IsClosing:
                    Keep(now);
                    return;
                case AnswerPiece.End:
                    _isAnswered = true;
                    Deadline = now + CloseWait;
                    return;
                default:
                    Finish();
                    return;
            }
        }
    }

    private void CallStuck()
    {
        // It may answer yet: the slot is out of service until it does, and the connection stays to hear it.
        Deadline = long.MaxValue;
        if (_isLost)
            return;
        _isLost = true;
        var lost = _giveBack;
        lost.Kind = RoutingEventKind.Lost;
        _app.Step(lost);
        _app.WhenStuck?.Invoke(_connection.Instance);
    }

    private void Keep(long now)
    {
        _isDone = true;
        _rooms.Heartbeat.Remove(this);
        if (_connection.BeginIdle(now))
            _connection.Instance.KeepIdle(_connection);
        else
            _connection.Close();
        _app.Step(_giveBack);
    }

    private void Finish()
    {
        if (_isDone)
            return;
        _isDone = true;
        _rooms.Heartbeat.Remove(this);
        _connection.Close();
        _app.Step(_giveBack);
    }
}
