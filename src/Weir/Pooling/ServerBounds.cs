using System.Collections.Concurrent;
using System.Globalization;
using Weir.Core.Pooling.Addresses;
using Weir.Core.Pooling.Sizing;

namespace Weir.Pooling;

/// <summary>
/// What servers have for this host: max_connections without what they keep for superusers, shared among pool.hosts.
/// Asked where the URL has a user to ask as.
/// </summary>
/// <param name="probe">Never throws.</param>
internal sealed class ServerBounds(Func<DatabaseUrl, Task<PoolProbe>> probe)
{
    // A reload reads what a question under way writes.
    private readonly ConcurrentDictionary<string, PoolProbe> _answers = new();

    /// <summary>Asks those that have not answered. True: all have, so there is no more to be asked.</summary>
    public async Task<bool> AskAsync(IReadOnlyList<PoolDatabase> databases)
    {
        var unknown = databases.Where(one => one.User is not null).DistinctBy(Key)
            .Where(one => !_answers.ContainsKey(Key(one))).ToList();
        var answers = await Task.WhenAll(unknown.Select(one => probe(one.Server))).ConfigureAwait(false);
        foreach (var (database, answer) in unknown.Zip(answers))
        {
            if (answer.Problem is null)
                _answers[Key(database)] = answer;
        }

        return answers.All(answer => answer.Problem is null);
    }

    /// <summary>The same options, with what is known of servers.</summary>
    public PoolOptions Apply(PoolOptions options) => options with
    {
        Databases = [.. options.Databases.Select(one => one with { ServerMax = Share(options, one) })],
    };

    /// <summary>One sentence for each database whose pool is smaller than was asked for.</summary>
    /// <param name="options">Of <see cref="Apply"/>.</param>
    public IEnumerable<string> Tell(PoolOptions options)
    {
        foreach (var database in options.Databases)
        {
            var asked = PoolLimits.Of(options, database with { ServerMax = null }, null, 0).Lease.CountMax;
            if (database.ServerMax is not { } share || share >= asked)
                continue;
            var answer = _answers[Key(database)];
            var hosts = options.Hosts > 1
                ? string.Create(CultureInfo.InvariantCulture, $", and {options.Hosts} hosts share it") : "";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{database.Name}: at most {share} connections instead of {asked}: the server takes "
                + $"{answer.ConnectionsMax}, keeps {answer.Reserved} of them for itself{hosts}");
        }
    }

    private int? Share(PoolOptions options, PoolDatabase database) =>
        _answers.TryGetValue(Key(database), out var answer) && answer.ConnectionsMax > 0
            ? PoolSizing.Of(int.MaxValue, options.Hosts, 0, 0, answer.ConnectionsMax, answer.Reserved).Connections
            : null;

    private static string Key(PoolDatabase database) => database.Server.Redacted;
}
