namespace Weir.Edge;

internal enum GateMode : byte
{
    Strict,
    Report,
}
