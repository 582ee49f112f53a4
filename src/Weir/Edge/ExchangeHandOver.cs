using Weir.Wires;

namespace Weir.Edge;

// A cleartext client that speaks HTTP/2 from its first byte: its connection goes to another door, and no exchange was.
internal sealed partial class Exchange
{
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
