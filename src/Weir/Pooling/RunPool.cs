using System.Globalization;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Sizing;

namespace Weir.Pooling;

// The way of weir run's instances to their database. Three ways, decided for each variable and each start:
//  here       the pooler in this Weir, by a pass of the instance's own
//  elsewhere  a weir pool of its own life (run.pool), with the app's own user and password
//  direct     the original: pooling is off or forbidden, the URL cannot be read, or Weir could not log in
//
// LookAsync finds out, beside the runner's loop, since a log-in may take seconds. Enter acts on what was found, in that
// loop: a URL that was not looked at goes direct, so that nobody is led where nothing may be.

/// <summary>Decides which instance reaches its database through the pooler, and gives it the URL for that.</summary>
internal sealed class RunPool(RunPoolParts parts)
{
    /// <summary>For a log-in at the start; nobody waits longer for a database that may not be there.</summary>
    public static readonly TimeSpan ProbeMax = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, PoolProbe> _good = [];

    /// <summary>Said once: a restart that changes nothing says nothing.</summary>
    private readonly HashSet<string> _told = [];
    private PoolDoor? _door;
    private int _slots;

    /// <summary>Of the servers that count for the size: a database that was left for a larger one does not.</summary>
    private HashSet<string> _current = [];

    /// <summary>Looks at what an environment holds, and opens the pooler where it is of use.</summary>
    /// <param name="slots">Requests that the app works on at once; 0 = not known.</param>
    public async Task LookAsync(IReadOnlyDictionary<string, string> environment, int slots)
    {
        var options = parts.ReadOptions();
        var found = DatabaseVariables.Read(environment, options.Variables);
        foreach (var (name, problem) in found.Faulty)
            Tell($"{name}: not pooled, its URL cannot be read: {problem}", isWarning: true);
        if (found.Pooled.Count == 0)
            return;
        _slots = slots;
        if (WhyDirect(options) is { } reason)
            Tell($"{Names(found.Pooled)}: not pooled: {reason}", isWarning: false);
        else if (parts.Elsewhere.Length > 0)
            Tell($"{Names(found.Pooled)}: through the weir pool at {parts.Elsewhere}", isWarning: false);
        else
            await ProbeAsync(found.Pooled).ConfigureAwait(false);
        if (found.Others.Count > 0 && WhyDirect(options) is null)
        {
            Tell($"{string.Join(", ", found.Others)}: PostgreSQL too, left alone; pool.variables names what is pooled",
                isWarning: false);
        }
    }

    /// <summary>The environment of one instance, and the passes that it holds while it lives.</summary>
    /// <param name="instance">"web.1".</param>
    public (IReadOnlyDictionary<string, string> Environment, IReadOnlyList<IDisposable> Passes) Enter(
        string instance, IReadOnlyDictionary<string, string> environment)
    {
        var options = parts.ReadOptions();
        if (WhyDirect(options) is not null)
            return (environment, []);
        var own = environment.ToDictionary();
        var passes = new List<IDisposable>();
        foreach (var variable in DatabaseVariables.Read(environment, options.Variables).Pooled)
        {
            if (parts.Elsewhere.Length > 0)
                own[variable.Name] = Elsewhere(variable.Url);
            else if (Door(variable) is { } door)
            {
                var pass = door.Admit(instance, variable.Url);
                passes.Add(pass);
                own[variable.Name] = LibpqVariables.OnLoopback(pass.Url, variable.Url);
            }
        }

        return (own, passes);
    }

    /// <summary>Other options are in force: sizes and patience at once, ways at each instance's next start.</summary>
    public void Adopt()
    {
        lock (_lock)
            _door?.Adopt(Effective());
    }

    /// <summary>Null where something may be pooled.</summary>
    private string? WhyDirect(PoolOptions options) =>
        !options.Enabled ? $"pool.enabled is off ({parts.SwitchedBy()})"
        : parts.Forbidden.Length > 0 ? parts.Forbidden : null;

    private PoolDoor? Door(DatabaseVariable variable)
    {
        lock (_lock)
            return _good.ContainsKey(variable.Key) ? _door : null;
    }

    private async Task ProbeAsync(IReadOnlyList<DatabaseVariable> variables)
    {
        var probes = await Task.WhenAll(variables.Select(one => parts.ProbeAsync(one.Url, ProbeMax)))
            .ConfigureAwait(false);
        lock (_lock)
            _current = [.. variables.Select(one => one.Key)];
        foreach (var (variable, probe) in variables.Zip(probes))
        {
            var problem = probe.Problem ?? Remember(variable.Key, probe);
            if (problem is null)
                TellPooled(variable);
            else
                Tell($"{variable.Name}: not pooled, Weir could not use {variable.Url.Redacted}: {problem}; instances "
                    + "connect to it themselves, until weir restart finds it better", isWarning: true);
        }
    }

    /// <summary>Opens the pooler with the first server that lets Weir in.</summary>
    /// <returns>Why it could not be opened; null where it is open.</returns>
    private string? Remember(string key, PoolProbe probe)
    {
        lock (_lock)
        {
            _good[key] = probe;
            try
            {
                if (_door is null)
                    _door = parts.Open(Effective());
                else
                    _door.Adopt(Effective());
                return null;
            }
            catch (IOException fault)
            {
                _good.Remove(key);
                return fault.Message;
            }
        }
    }

    /// <summary>
    /// The pooler's options as this run needs them: nobody's databases but the instances' own, a free port unless one
    /// was given, and the size that slots and servers leave.
    /// </summary>
    private PoolOptions Effective()
    {
        var options = parts.ReadOptions();
        var probes = _good.Where(pair => _current.Contains(pair.Key)).Select(pair => pair.Value).ToArray();
        int Size(int asked) => probes.Min(probe =>
            PoolSizing.Of(asked, options.Hosts, _slots, 0, probe.ConnectionsMax, probe.Reserved).Connections);
        var size = Size(options.Size);
        var room = Size(PoolOptions.SizeMax * Math.Max(1, options.Hosts)) - size;
        // Instances are led to the first one; a door that is wider, or a socket, may be open beside it.
        var loopback = options.Listen.FirstOrDefault(one => one.StartsWith("127.0.0.1:", StringComparison.Ordinal))
            ?? "127.0.0.1:0";
        return options with
        {
            Databases = [],
            Listen = [loopback, .. options.Listen.Where(address => address != loopback)],
            Size = size,
            SizeMin = Math.Min(options.SizeMin, size),
            ReserveSize = Math.Min(options.ReserveSize / Math.Max(1, options.Hosts), room),
            DatabaseConnectionsMax = PoolBounds.OfHost(options.DatabaseConnectionsMax, options.Hosts),
            UserConnectionsMax = PoolBounds.OfHost(options.UserConnectionsMax, options.Hosts),
            // Divided already.
            Hosts = 1,
        };
    }

    /// <summary>The URL at another's pooler, which knows the app by its own user and password.</summary>
    private string Elsewhere(DatabaseUrl url)
    {
        var colon = parts.Elsewhere.LastIndexOf(':');
        var port = int.Parse(parts.Elsewhere.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        var host = parts.Elsewhere[..colon].Trim('[', ']');
        return LibpqVariables.OnLoopback(url.ForApp(host, port, url.Password ?? ""), url);
    }

    private void TellPooled(DatabaseVariable variable)
    {
        string line;
        lock (_lock)
        {
            var options = Effective();
            var mode = options.Mode.ToString().ToLowerInvariant();
            var size = options.Size.ToString(CultureInfo.InvariantCulture);
            line = $"{variable.Name}: pooled at {_door!.Address}, {mode} mode, at most {size} connections to "
                + $"{variable.Url.Redacted} (--no-pool switches it off)";
        }

        Tell(line, isWarning: false);
    }

    private void Tell(string line, bool isWarning)
    {
        lock (_lock)
        {
            if (!_told.Add(line))
                return;
        }

        parts.Tell(line, isWarning);
    }

    private static string Names(IEnumerable<DatabaseVariable> variables) =>
        string.Join(", ", variables.Select(one => one.Name));
}
