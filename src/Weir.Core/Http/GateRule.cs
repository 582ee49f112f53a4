namespace Weir.Core.Http;

/// <summary>The rule of the wire gate that a message broke. What each means to the peer is in GateRules.</summary>
internal enum GateRule : byte
{
    None,
}
