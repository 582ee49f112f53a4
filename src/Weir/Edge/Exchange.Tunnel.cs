using Weir.Beat;
using Weir.Core.Ledger;
using Weir.Upstream;

namespace Weir.Edge;

// An upgraded connection: bytes go both ways as they come, no slot is held.
internal sealed partial class Exchange
{
    /// <summary>
    /// A tunnel in which neither end says anything for so long is cut. 1 h: HAProxy's usual timeout tunnel.
    /// </summary>
    private static readonly long TunnelIdleMax = Clock.Micros(TimeSpan.FromHours(1));

    /// <summary>How long one end may go on after the other has ended.</summary>
    private static readonly long TunnelEndMax = Clock.Micros(TimeSpan.FromSeconds(5));

    private bool _clientEnded;

    /// <summary>A shutdown has begun, and its end has been chosen.</summary>
    private bool _drains;

    /// <summary>False: the app's part is over, look at the new stage.</summary>
    private bool BeginTunnel(long now)
    {
        if (!_client.Head.IsWebSocket)
        {
            // A 101 that nobody asked for.
            FailHard(Outcome.AppMalformed, now);
            return false;
        }

        var connection = _attempt.Connection;
        _headSent = true;
        _outcome = Outcome.TunnelEnded;
        _workerMicros = now - _connectedAt;
        _phases.Enter(Phase.Send, now);
        _answer.KeepsPace = true;
        _client.SendSwitch(connection.Head, _answer);
        connection.BeginTunnel();
        _slotEnded = _attempt.Slot;
        _attempt.Upgrade();
        _stage = Stage.Tunnel;
        _clientEnded = _drains = false;
        Deadline = now + TunnelIdleMax;
        return false;
    }

    private bool PumpTunnel()
    {
        var now = Clock.Now;
        if (_rooms.IsClosing && !_drains)
            DrainTunnel(now);
        var moved = PumpToApp();
        _answer.Pump(now);
        while (!_answer.IsFull)
        {
            var piece = _attempt.Connection.Next(_live.Limits);
            if (piece == AnswerPiece.Waiting)
                break;
            if (piece != AnswerPiece.Payload)
                return EndTunnel(now);
            PassPayload();
            moved = true;
        }

        if (_answer.IsBroken || _attempt.SendFailed || now >= Deadline)
            return EndTunnel(now);
        if (moved && !_clientEnded && !_drains)
            Deadline = now + TunnelIdleMax;
        return false;
    }

    private bool PumpToApp()
    {
        var moved = false;
        while (!_clientEnded && _attempt.CanSend && _client.TryReceive(out var bytes))
        {
            if (bytes.IsEmpty)
            {
                _clientEnded = true;
                _attempt.Connection.Wire.EndSend();
                Deadline = Math.Min(Deadline, Clock.Now + TunnelEndMax);
                break;
            }

            _attempt.SendRaw(bytes);
            moved = true;
        }

        return moved;
    }

    private bool EndTunnel(long now)
    {
        _attempt.EndTunnel();
        _closeAfter = true;
        return BeginSend(now);
    }

    /// <summary>Tunnels end one by one over a while, so that their clients do not all come back at once.</summary>
    private void DrainTunnel(long now)
    {
        _drains = true;
        var spread = Math.Min(30.0, _live.Options.ShutdownDeadline.TotalSeconds * 0.6);
        Deadline = Math.Min(Deadline, now + (long)(Random.Shared.NextDouble() * spread * 1_000_000));
    }
}
