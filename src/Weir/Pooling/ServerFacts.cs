namespace Weir.Pooling;

/// <summary>What a server told at log-in.</summary>
internal sealed class ServerFacts
{
    /// <summary>
    /// The process that serves it, and the key that cancels what it runs; 0 and empty where none was told.
    /// </summary>
    public int Pid { get; set; }
    public byte[] Secret { get; set; } = [];

    /// <summary>3.0 or 3.2.</summary>
    public int Minor { get; set; }

    public ParameterList Parameters { get; } = new();
}
