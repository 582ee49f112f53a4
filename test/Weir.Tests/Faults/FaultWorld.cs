using System.Collections.Concurrent;
using System.Diagnostics;
using Weir.Beat;
using Weir.Config;
using Weir.Core.Chance;
using Weir.Core.Ledger;
using Weir.Core.Routing;
using Weir.Edge;
using Weir.Intake;
using Weir.Ledger;
using Weir.Outflow;
using Weir.Routing;
using Weir.Spill;

namespace Weir.Tests.Faults;

/// <summary>One seed: a house, one to three instances, and clients; and what must hold when all have gone.</summary>
internal sealed class FaultWorld : IDisposable
{
    private static readonly TimeSpan RestMax = TimeSpan.FromSeconds(10);

    private readonly SeededRandom _chance;
    private readonly List<FaultyApp> _instances = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("weir-faults").FullName;
    private readonly ConcurrentQueue<string> _told = new();
    private readonly ConcurrentDictionary<int, (Asked Asked, Answer? Answer, bool MustBeWhole)> _asked = new();
    private readonly ConcurrentQueue<Exception> _faults = new();
    private readonly long _began = Clock.Now;
    private int _lastId;

    public FaultWorld(ulong seed, Action<House, SeededRandom>? prepare = null)
    {
        Seed = seed;
        _chance = SeededRandom.Stream(seed, "world");
        for (var left = 1 + _chance.NextBelow(3); left > 0; left--)
            _instances.Add(new FaultyApp(seed, 1 + _chance.NextBelow(4), AnyMood()));
        House = new House(Options());
        for (var index = 0; index < _instances.Count; index++)
        {
            var place = index;
            _instances[index].View = () => House.Rooms.Apps[0].Look(router => Describe(router, place));
        }

        House.Rooms.WhenFault = _faults.Enqueue;
        prepare?.Invoke(House, SeededRandom.Stream(seed, "prepare"));
        House.Start();
        Port = House.Listeners[0].Port;
    }

    public ulong Seed { get; }
    public House House { get; }
    public int Port { get; }

    public int NextId() => Interlocked.Increment(ref _lastId);

    public void Tell(string fault) => _told.Enqueue(fault);

    public void Expect(Asked asked, bool isWhole) => _asked[asked.Id] = (asked, null, isWhole);

    public void Answered(Asked asked, Answer? answer)
    {
        _asked[asked.Id] = (asked, answer, asked.IsGood);
        if (answer is not null && asked.Judge(answer) is { } fault)
            Tell($"{asked}: {fault}");
    }

    /// <summary>Runs the clients, waits for rest, and gives all that does not hold.</summary>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var clients = Enumerable.Range(0, 20 + _chance.NextBelow(41)).Select(
            number => Task.Run(() => RunClientAsync(number)));
        await Task.WhenAll(clients);
        foreach (var instance in _instances)
            instance.LetGo();
        var patience = Stopwatch.StartNew();
        while (Unrest().Any() && patience.Elapsed < RestMax)
            await Task.Delay(10);
        foreach (var fault in Unrest())
            Tell(fault);
        foreach (var instance in House.Rooms.Apps[0].Instances)
            instance.CloseIdle(long.MaxValue);
        if (House.Rooms.Blocks.BytesLent != 0)
            Tell($"{House.Rooms.Blocks.BytesLent} bytes of blocks are lent");
        foreach (var fault in _faults)
            Tell($"fault: {fault}");
        foreach (var instance in _instances)
        {
            if (instance.Overload is { } overload)
                Tell(overload);
        }

        CheckLedger();
        return [.. _told];
    }

    public void Dispose()
    {
        House.StopAsync(TimeSpan.Zero).Wait();
        House.Dispose();
        foreach (var instance in _instances)
            instance.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task RunClientAsync(int number)
    {
        using var client = new FaultyClient(this, number);
        await client.RunAsync();
    }

    private string Describe(AppRouter router, int instance)
    {
        var slots = Enumerable.Range(0, router.SlotCapacity(instance)).Select(slot => router.SlotAt(instance, slot));
        return $"{router.Instance(instance)}; {string.Join(", ", slots)}; policy {router.Options.Policy}; "
            + House.Open.Stages();
    }

    private AppMood AnyMood() => _instances.Count == 0 ? AppMood.Serves : _chance.NextBelow(6) switch
    {
        0 => AppMood.Refuses,
        1 => AppMood.Deaf,
        _ => AppMood.Serves,
    };

    private WeirOptions Options() => new()
    {
        Quiet = true,
        ShutdownDeadline = TimeSpan.FromSeconds(1),
        Edge = new EdgeOptions
        {
            Listen = ["127.0.0.1:0"],
            HeadTimeout = TimeSpan.FromSeconds(1),
            KeepAlive = TimeSpan.FromSeconds(1),
            RequestsPerConnectionMax = _chance.NextBelow(3) == 0 ? 3 : 0,
        },
        Intake = new IntakeOptions
        {
            MemoryMax = 32 * 1024,
            BodyMax = 4_000_000,
            Idle = TimeSpan.FromMilliseconds(400),
            ClientBodiesMax = _chance.NextBelow(4) == 0 ? 3 : 2_000,
        },
        Outflow = new OutflowOptions
        {
            MemoryMax = 32 * 1024,
            Idle = TimeSpan.FromSeconds(1),
            SpillMax = _chance.NextBelow(3) == 0 ? 200_000 : 1L << 30,
        },
        Spill = new SpillOptions { Directory = _folder, BytesMax = _chance.NextBelow(4) == 0 ? 300_000 : 1L << 30 },
        Ledger = new LedgerOptions { Log = LogFormat.Off, RecentMax = 10_000 },
        Apps =
        [
            new AppOptions
            {
                To = [.. _instances.Select(instance => $"127.0.0.1:{instance.Port}={instance.Slots}")],
                ConnectTimeout = TimeSpan.FromMilliseconds(100),
                FirstByteTimeout = TimeSpan.FromMilliseconds(300),
                IdleTimeout = TimeSpan.FromMilliseconds(400),
                StuckAfter = TimeSpan.FromMilliseconds(300),
                Routing = new RoutingOptions
                {
                    QueueWaitMax = 500_000,
                    QueueLengthMax = _chance.NextBelow(3) == 0 ? 4 : 1_000,
                    AllRefusedMax = 1_000_000,
                    Policy = (RoutingPolicy)_chance.NextBelow(5),
                },
                Routes =
                [
                    new RouteOptions { Path = "/stream", Stream = true },
                    new RouteOptions { Path = "/free", NoSlot = _chance.NextBelow(8) == 0 },
                ],
            },
        ],
    };

    /// <summary>What is not at rest, one sentence each.</summary>
    private IEnumerable<string> Unrest()
    {
        var rooms = House.Rooms;
        var app = rooms.Apps[0];
        if (rooms.Counters.Active != 0)
            yield return $"{rooms.Counters.Active} exchanges are active";
        if (rooms.Counters.Open != 0)
            yield return $"{rooms.Counters.Open} connections are open: {House.Open.Stages()}";
        if (rooms.Tickets.Taken != 0)
            yield return $"{rooms.Tickets.Taken} tickets are taken";
        if (rooms.Disk.Budget.Used != 0)
            yield return $"{rooms.Disk.Budget.Used} bytes of the spill budget are used";
        if (rooms.Heartbeat.Count != 0)
            yield return $"{rooms.Heartbeat.Count} machines are in the heartbeat";
        if (app.Look(router => router.QueueLength) is var queued and not 0)
            yield return $"{queued} wait in the queue";
        for (var index = 0; index < app.Instances.Length; index++)
        {
            var view = app.Look(router => router.Instance(index));
            var slots = view.Leased + view.Abandoned + view.Lost + view.Streams;
            if (slots + view.Tunnels + view.Uncounted + view.Waiting != 0)
                yield return $"instance {index} is not free: {view}";
        }
    }

    private void CheckLedger()
    {
        var seen = new Dictionary<int, Outcome>();
        var records = 0;
        var took = Clock.Now - _began;
        House.Rooms.Ledger.Recent.Read((in RecentRecord record, in RecentText text) =>
        {
            records++;
            long sum = 0;
            foreach (var phase in record.Times)
            {
                sum += phase;
                if (phase < 0)
                    Tell("a phase is negative");
            }

            if (sum > took)
                Tell($"a record of {sum} µs in a run of {took} µs");
            var id = IdOf(System.Text.Encoding.Latin1.GetString(text.Path));
            if (id >= 0 && !seen.TryAdd(id, record.Outcome))
                Tell($"id {id} was written twice");
        });
        var begun = House.Rooms.Counters.ExchangeBegan() - 1;
        House.Rooms.Counters.ExchangeEnded();
        if (begun != records)
            Tell($"{begun} exchanges began and {records} were written");
        foreach (var (asked, answer, mustBeWhole) in _asked.Values)
            CheckOne(asked, answer, mustBeWhole, seen);
    }

    private void CheckOne(Asked asked, Answer? answer, bool mustBeWhole, Dictionary<int, Outcome> seen)
    {
        var isWritten = seen.TryGetValue(asked.Id, out var outcome);
        if (answer is not null && !isWritten && answer.Status is not (400 or 408 or 414 or 431))
            Tell($"{asked}: answered {answer.Status} and not written");
        // A cut is told by its outcome; so one that has no reason shows.
        if (mustBeWhole && answer is not { IsWhole: true } && isWritten && outcome is Outcome.Answered
            && answer is not null)
        {
            Tell($"{asked}: cut, and written as {outcome}; {answer.Body.Length} bytes of {answer.Status}");
        }

        if (mustBeWhole && answer is not null && !answer.IsWhole && outcome is not (Outcome.AppIdle
            or Outcome.ClientIdle or Outcome.SpillFailed or Outcome.ClientGoneSending or Outcome.Answered))
        {
            Tell($"{asked}: cut as {outcome}");
        }

        if (outcome == Outcome.Bug)
            Tell($"{asked}: a fault of Weir's own");
    }

    private static int IdOf(string path)
    {
        var at = path.IndexOf("&id=", StringComparison.Ordinal);
        if (at < 0)
            return -1;
        var end = path.IndexOf('&', at + 4);
        return int.TryParse(end < 0 ? path[(at + 4)..] : path[(at + 4)..end], out var id) ? id : -1;
    }
}
