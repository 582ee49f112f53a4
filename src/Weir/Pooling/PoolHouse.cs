using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>Stands in for the pooler of the branch that has the sessions, which takes this file's place.</summary>
internal sealed class PoolHouse(PoolOptions options, PoolParts parts) : IDisposable
{
    public PoolOptions Options { get; private set; } = options;

    /// <summary>Where clients get in, "127.0.0.1:6432", with the port that <see cref="Start"/> was given.</summary>
    public IReadOnlyList<string> Addresses { get; private set; } = [];

    /// <exception cref="System.Net.Sockets.SocketException">An address cannot be bound.</exception>
    /// <exception cref="FormatException">A file of the options cannot be used.</exception>
    public void Start() => Addresses = Options.Listen.Count > 0 ? Options.Listen : [PoolOptions.UsualListen];

    /// <summary>Logs in once, within the limit. Never throws.</summary>
    public static Task<PoolProbe> ProbeAsync(DatabaseUrl server, TimeSpan limit) =>
        Task.FromResult(new PoolProbe($"the pooler is not in this build ({server.Hosts.Count} hosts, {limit})"));

    /// <summary>A URL for this instance alone, which leads to that database through the pooler.</summary>
    public PoolPass Admit(string instance, DatabaseUrl server) =>
        new($"{server.Scheme}://{instance}@{Addresses[0]}/{server.Database}", () => { });

    /// <summary>Puts other options in force for what comes; listeners stay.</summary>
    public void Adopt(PoolOptions next) => Options = next;

    /// <summary>New clients are refused, transactions under way end, then all is closed.</summary>
    public Task StopAsync(TimeSpan deadline)
    {
        parts.WhenFault(new TimeoutException(deadline.ToString()));
        return Task.CompletedTask;
    }

    public void Dispose() => Addresses = [];
}
