namespace Weir.Core.Pooling.State;

/// <summary>Why a client keeps its server connection between transactions.</summary>
[Flags]
public enum PinReasons
{
    None = 0,
    Temp = 1,
    Listen = 2,
    Cursor = 4,
    Lock = 8,

    /// <summary>A library, a seed. Until the client ends.</summary>
    Lasting = 16,

    /// <summary>A setting whose name only the server knows. Until RESET ALL or DISCARD ALL.</summary>
    ComputedName = 32,

    /// <summary>A PREPAREd statement whose text cannot be replayed alone.</summary>
    Prepared = 64,
}
