namespace Weir.Pooling;

/// <summary>How a client proves who it is.</summary>
internal enum ProofKind : byte
{
    /// <summary>It is believed, or its certificate or its unix user said it.</summary>
    None,
    Password,
    Md5,
    Scram,
}
