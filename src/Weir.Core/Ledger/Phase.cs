namespace Weir.Core.Ledger;

/// <summary>Where an exchange's time goes; it is in exactly one phase at a time.</summary>
internal enum Phase : byte
{
    Receive,
    Cache,
    Queue,
    Connect,
    App,
    Send,
}
