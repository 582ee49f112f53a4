using System.Globalization;
using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;
using Weir.Core.Chance;
using Weir.Tests.Support;

namespace Weir.Tests.Caching.Shared;

/// <summary>
/// Nodes that fill, purge, are cut off and lose messages, in an order that a seed decides, before an app whose answers
/// are numbers that only grow. Two promises: what is found in the store is not older than any purge that had been told;
/// what a node holds is not older than any purge once it has caught up.
/// </summary>
public sealed class PurgeRaceTests
{
    private const int Nodes = 3;
    private const int Keys = 3;
    private const int Steps = 300;

    public static TheoryData<ulong> Seeds => new(Enumerable.Range(1, 40).Select(seed => (ulong)seed));

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task No_answer_is_older_than_a_purge_that_was_told(ulong seed)
    {
        var race = new Race(seed);
        await race.RunAsync();
    }

    private sealed class Race(ulong seed)
    {
        private readonly SeededRandom _random = SeededRandom.Stream(seed, "purge races");
        private readonly MemorySharedStore.World _world = new() { LogMax = PurgeNews.LogMax };
        private readonly List<SharedNode> _nodes = [];
        private readonly Dictionary<string, int>[] _held =
            [.. Enumerable.Range(0, Nodes).Select(_ => new Dictionary<string, int>())];
        private readonly List<(int Node, string Key, PurgeStamp Stamp, int Version, int Purges)> _fills = [];
        private readonly int[] _app = new int[Keys];
        private readonly int[] _told = new int[Keys];
        private readonly List<(int Node, string Key, int Version)> _waiting = [];
        private readonly int[] _purges = new int[Nodes];

        public async Task RunAsync()
        {
            for (var node = 0; node < Nodes; node++)
            {
                _nodes.Add(await SharedNode.StartAsync(_world));
                var held = _held[node];
                var at = node;
                _nodes[node].WhenPurged = notice => Purge(at, held, notice);
            }

            for (var step = 0; step < Steps; step++)
                await StepAsync(_random.NextBelow(100), _random.NextBelow(Nodes), _random.NextBelow(Keys));
            foreach (var node in _nodes)
                node.Store.Open();
            for (var node = 0; node < Nodes; node++)
                await CatchUpAsync(node);
            foreach (var node in _nodes)
            {
                Assert.Null(node.Fault);
                await node.DisposeAsync();
            }
        }

        private async Task StepAsync(int what, int node, int key)
        {
            switch (what)
            {
                case < 20:
                    _fills.Add((
                        node, Name(key), _nodes[node].Tier.News.Stamp, _app[key], Volatile.Read(ref _purges[node])));
                    break;
                case < 45 when _fills.Count > 0:
                    await EndFillAsync(_random.NextBelow(_fills.Count));
                    break;
                case < 70:
                    await LookAsync(node, key);
                    break;
                case < 85:
                    await PurgeAsync(node, key);
                    break;
                case < 89:
                    _nodes[node].Store.Cut();
                    break;
                case < 93:
                    _nodes[node].Store.Open();
                    break;
                case < 96:
                    _nodes[node].Store.HearsMessages = _random.NextBelow(2) == 0;
                    break;
                case < 97:
                    lock (_world)
                        _world.Forget(0);
                    break;
                case < 98:
                    _nodes[node].Store.LosesNextAnswer = true;
                    break;
                default:
                    await CatchUpAsync(node);
                    break;
            }
        }

        private async Task EndFillAsync(int which)
        {
            var fill = _fills[which];
            _fills.RemoveAt(which);
            lock (_held[fill.Node])
            {
                // Its node's own generations: nothing was purged there since the fill began.
                if (_purges[fill.Node] == fill.Purges)
                    _held[fill.Node][fill.Key] = fill.Version;
            }

            await _nodes[fill.Node].PutAsync(
                fill.Key, fill.Version.ToString(CultureInfo.InvariantCulture), fill.Stamp);
        }

        private async Task LookAsync(int node, int key)
        {
            // What had been told before the look; and a node's own purges, told or not.
            var told = Math.Max(_told[key], _waiting
                .Where(purge => purge.Node == node && purge.Key == Name(key))
                .Select(purge => purge.Version).DefaultIfEmpty(0).Max());
            var found = await _nodes[node].GetAsync(Name(key));
            if (found.StartsWith("Found ", StringComparison.Ordinal))
                Assert.True(
                    int.Parse(found[6..], CultureInfo.InvariantCulture) >= told, $"seed {seed}: {found}, told {told}");
        }

        private async Task PurgeAsync(int node, int key)
        {
            _app[key]++;
            Purge(node, _held[node], new PurgeNotice(SharedAnswers.Bytes(Name(key)), PurgeDepth.Soft, PurgeCause.Told));
            if (await _nodes[node].PurgeAsync(Name(key)) == PurgeTelling.Told)
                _told[key] = _app[key];
            else
                _waiting.Add((node, Name(key), _app[key]));
        }

        private async Task CatchUpAsync(int node)
        {
            if (!await _nodes[node].Tier.News.CatchUpAsync())
                return;
            foreach (var purge in _waiting.Where(purge => purge.Node == node))
                _told[int.Parse(purge.Key, CultureInfo.InvariantCulture)] =
                    Math.Max(_told[int.Parse(purge.Key, CultureInfo.InvariantCulture)], purge.Version);
            _waiting.RemoveAll(purge => purge.Node == node);
            Assert.True(await _nodes[node].Tier.News.CatchUpAsync());
            lock (_held[node])
            {
                foreach (var (key, version) in _held[node])
                    Assert.True(
                        version >= _told[int.Parse(key, CultureInfo.InvariantCulture)], $"seed {seed}: holds {key}");
            }
        }

        private void Purge(int node, Dictionary<string, int> held, PurgeNotice notice)
        {
            lock (held)
            {
                _purges[node]++;
                if (notice.IsEverything)
                    held.Clear();
                else
                    held.Remove(System.Text.Encoding.UTF8.GetString(notice.Selector.Span));
            }
        }

        private static string Name(int key) => key.ToString(CultureInfo.InvariantCulture);
    }
}
