using Weir.Beat;
using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Wires;

namespace Weir.Edge;

// HTTP/2, as far as an exchange is concerned: a stream's begin, and a cleartext client that speaks it from its first
// byte, whose connection goes to another door as if no exchange had been.
internal sealed partial class Exchange
{
    /// <summary>A stream's head came whole, and was judged when it came.</summary>
    private bool AcceptStream() => _client.HeadFault == GateRule.None
        ? Accept(Clock.Now)
        : Refuse(Outcome.RefusedByGate, _client.HeadFault, closes: true);

    private bool HandOver()
    {
        if (_began)
        {
            // A head seemed to come when only a part of the preface had.
            _began = false;
            _rooms.Counters.ExchangeEnded();
        }

        var first = _input!.Rest.ToArray();
        _rooms.HandOver!(((SocketWire)_client.Wire).Detach(), first);
        return Close();
    }
}
