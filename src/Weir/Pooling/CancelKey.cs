namespace Weir.Pooling;

/// <summary>By which one client cancels what it runs.</summary>
internal sealed class CancelKey(int pid, byte[] secret, ClientSession session)
{
    public int Pid { get; } = pid;
    public byte[] Secret { get; } = secret;
    public ClientSession Session { get; } = session;

    /// <summary>Another client's, with the same process id.</summary>
    public CancelKey? Next { get; set; }
}
