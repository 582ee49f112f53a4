namespace Weir.Processes;

/// <summary>All that is needed to start one instance.</summary>
/// <param name="Start">With its PORT or socket in the environment, and its outputs as a pipe.</param>
/// <param name="Port">0 where it is given none.</param>
/// <param name="SocketPath">The unix socket that it is to bind; empty where it is to bind the port.</param>
/// <param name="Claim">Held while the instance lives: its port is nobody else's.</param>
internal sealed record InstanceLaunch(ProcessStart Start, int Port, string SocketPath, IDisposable? Claim)
{
    /// <summary>What only this instance has in its environment, "PORT=5000"; empty where it has nothing.</summary>
    public string Mark { get; init; } = "";

    /// <summary>For people: what it was asked to bind.</summary>
    public string Place => SocketPath.Length > 0 ? $"the socket {SocketPath}" : $"PORT={Port} of 127.0.0.1";
}
