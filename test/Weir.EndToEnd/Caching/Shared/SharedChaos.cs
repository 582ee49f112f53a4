using System.Collections.Concurrent;
using System.Globalization;
using Weir.Beat;
using Weir.Caching.Shared;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Caching.Shared;

// A page's body says which page it is, and which version of it: the app's number at the moment when it began to answer.
// A purge raises the number first. So an answer is wrong if its body is not whole or another page's, and stale if its
// version is older than that of a purge whose news must have come to that node:
//   its own     from the moment on when the purge was answered there, whatever the Redis does
//   another's   BoundMicros after that, while the tier has been sound for RecoverMicros

/// <summary>One seed's world: app, Redis, two nodes with a wire each to it, readers, a purger, and troubles.</summary>
internal sealed class SharedChaos : IDisposable
{
    private const int Pages = 12;
    private const int Readers = 4;
    private const int Troubles = 2;

    /// <summary>
    /// The stated bound (PollEvery + AnswerTimeMax: half a second here), and a busy machine's own delays.
    /// </summary>
    private const long BoundMicros = 2_000_000;

    /// <summary>Pauses between tries double; after a second's trouble the next try is within a second.</summary>
    private const long RecoverMicros = 2_000_000;

    private static readonly TimeSpan s_calm = TimeSpan.FromMicroseconds(RecoverMicros + BoundMicros + 1_000_000);
    private readonly Random _random;
    private readonly ScriptedApp _app;
    private readonly RedisServer _redis = RedisServer.Start();
    private readonly CutRelay[] _wires;
    private readonly TestHouse[] _nodes;
    private readonly long[] _versions = new long[Pages];
    private readonly ConcurrentBag<Purge>[] _purges =
        [.. Enumerable.Range(0, Pages).Select(_ => new ConcurrentBag<Purge>())];

    private readonly Dictionary<string, byte[]> _former = [];
    private long _soundSince = Clock.Now;
    private long _judged;
    private volatile bool _isOver;

    public SharedChaos(int seed)
    {
        _random = new Random(seed);
        _app = new ScriptedApp(Serve);
        _wires = [new CutRelay(_redis.Port), new CutRelay(_redis.Port)];
        var shared = new SharedOptions
        {
            Patience = TimeSpan.FromMilliseconds(100),
            AnswerTimeMax = TimeSpan.FromMilliseconds(300),
            PollEvery = TimeSpan.FromMilliseconds(200),
            ConnectTimeMax = TimeSpan.FromMilliseconds(500),
        };
        _nodes = [.. _wires.Select(wire => SharedHouse.Start(_app, wire.Port, slots: 8, shared))];
    }

    public ConcurrentQueue<string> Violations { get; } = new();
    public long Judged => Interlocked.Read(ref _judged);
    public int Purged => _purges.Sum(page => page.Count);
    public long Found => _nodes.Sum(node => SharedHouse.Tier(node).Looks["found"]);
    public string Told => string.Join(" | ", _nodes.Select(SharedHouse.Told));

    public void Run()
    {
        var seeds = Enumerable.Range(0, Readers + 1).Select(_ => _random.Next()).ToArray();
        var sides = SideThread.Start(Readers + 1, number =>
        {
            var random = new Random(seeds[number]);
            while (!_isOver)
            {
                if (number == Readers)
                    PurgeOne(random);
                else
                    ReadOne(random);
            }
        });
        try
        {
            Thread.Sleep(1_000);
            for (var trouble = 0; trouble < Troubles && Violations.IsEmpty; trouble++)
            {
                Remember();
                Volatile.Write(ref _soundSince, long.MaxValue);
                Trouble();
                Volatile.Write(ref _soundSince, Clock.Now);
                Thread.Sleep(s_calm);
            }
        }
        finally
        {
            _isOver = true;
            SideThread.JoinAll(sides);
        }
    }

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
        foreach (var wire in _wires) wire.Dispose();
        _redis.Dispose();
        _app.Dispose();
    }

    private void Serve(AppConnection connection)
    {
        while (connection.ReadRequest() is { } head)
        {
            var page = int.Parse(head.Split(' ')[1][2..], CultureInfo.InvariantCulture);
            var isPost = head.StartsWith("POST", StringComparison.Ordinal);
            var version = isPost ? Interlocked.Increment(ref _versions[page]) : Interlocked.Read(ref _versions[page]);
            if (!isPost && version % 3 == 0) Thread.Sleep((int)(version % 20));
            var body = isPost ? version.ToString(CultureInfo.InvariantCulture)
                : Body(page, version, AppConnection.Field(head, "X-Form"));
            var fields = isPost ? "" : $"Cache-Control: max-age=60\r\nCache-Tag: page{page}\r\n"
                + (page % 2 == 0 ? "" : "Vary: X-Form\r\n");
            connection.Write($"HTTP/1.1 200 OK\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}");
        }
    }

    /// <summary>From a few bytes to more than a chunk of the store.</summary>
    private static string Body(int page, long version, string form)
    {
        var word = $"page {page} form {form} version {version};";
        return string.Concat(Enumerable.Repeat(word, 1 + page * page * 40));
    }

    private void ReadOne(Random random)
    {
        var (page, node) = (random.Next(Pages), random.Next(_nodes.Length));
        var form = page % 2 == 0 ? "" : random.Next(2) == 0 ? "long" : "short";
        var sent = Clock.Now;
        var sound = Volatile.Read(ref _soundSince);
        var text = _nodes[node].Ask($"GET /p{page} HTTP/1.1\r\nHost: app.test\r\nX-Form: {form}\r\n\r\n").Text;
        Interlocked.Increment(ref _judged);
        var version = VersionIn(text);
        if (text != Body(page, version, form))
        {
            Violations.Enqueue($"node {node}, page {page} {form}: a wrong body: {text[..Math.Min(100, text.Length)]}");
            return;
        }

        var isSound = sound != long.MaxValue && sound + RecoverMicros + BoundMicros < sent;
        foreach (var purge in _purges[page])
        {
            var isKnown = purge.Node == node ? purge.DoneAt < sent
                : isSound && purge.DoneAt + BoundMicros < sent;
            if (isKnown && version < purge.Version)
            {
                Violations.Enqueue(
                    $"node {node}, page {page} {form}: version {version} {(sent - purge.DoneAt) / 1000} ms after "
                    + $"{purge}, sound for {(isSound ? (sent - sound) / 1000 : -1)} ms; {Told}");
            }
        }
    }

    private static long VersionIn(string text)
    {
        const string word = "version ";
        var at = text.IndexOf(word, StringComparison.Ordinal) + word.Length;
        var end = text.IndexOf(';', StringComparison.Ordinal);
        return end > at && long.TryParse(text[at..end], CultureInfo.InvariantCulture, out var version) ? version : -1;
    }

    private void PurgeOne(Random random)
    {
        Thread.Sleep(random.Next(5, 60));
        var (page, node) = (random.Next(Pages), random.Next(_nodes.Length));
        var kind = random.Next(2) == 0 ? "soft" : "hard";
        var how = random.Next(5);
        long version;
        if (how == 0)
        {
            version = long.Parse(
                _nodes[node].Ask($"POST /p{page} HTTP/1.1\r\nHost: app.test\r\nContent-Length: 1\r\n\r\nx").Text,
                CultureInfo.InvariantCulture);
        }
        else
        {
            version = Interlocked.Increment(ref _versions[page]);
            var (scope, text) = how switch
            {
                1 => ("tag", $"page{page}"),
                2 => ("prefix", $"app.test/p{page}"),
                _ => ("url", $"app.test/p{page}"),
            };
            Assert.True(_nodes[node].Acts.Purge(scope, text, kind, false).Ok);
        }

        _purges[page].Add(new Purge(node, version, Clock.Now, how, kind));
    }

    private void Trouble()
    {
        var wire = _wires[Next(_wires.Length)];
        switch (Next(8))
        {
            case 0:
                _redis.Kill();
                Thread.Sleep(100 + Next(700));
                _redis.Begin();
                break;
            case 1:
                wire.Cut();
                Thread.Sleep(100 + Next(700));
                wire.Mend();
                break;
            case 2:
                wire.Passing = _ => Thread.Sleep(Next(250));
                Thread.Sleep(800);
                wire.Passing = null;
                break;
            case 3:
                wire.Passing = Garble;
                Thread.Sleep(1_000);
                wire.Passing = null;
                // What was garbled on a connection that stood it may still lie in a buffer.
                wire.Cut();
                wire.Mend();
                break;
            case 4:
                _redis.Do("FLUSHALL");
                break;
            case 5:
                _redis.Do("DEL", "{weir:purges}:state");
                break;
            case 6:
                _redis.Do("DEL", "{weir:purges}:log");
                break;
            default:
                for (var lie = 0; lie < 20; lie++) Lie();
                break;
        }
    }

    /// <summary>One byte in some of what passes.</summary>
    private void Garble(Memory<byte> bytes)
    {
        if (Next(10) == 0) bytes.Span[Next(bytes.Length)] ^= (byte)(1 << Next(8));
    }

    private int Next(int max)
    {
        lock (_random) return _random.Next(max);
    }

    /// <summary>What lies in the Redis now, to be put back when it is long purged.</summary>
    private void Remember()
    {
        foreach (var name in Names()) _former.TryAdd(name, Value(name));
    }

    /// <summary>A value in another's place, of another time, or of no meaning.</summary>
    private void Lie()
    {
        var names = Names();
        if (names.Count == 0) return;
        var name = names[Next(names.Count)];
        byte[] value = Next(3) switch
        {
            0 => Value(names[Next(names.Count)]),
            1 => _former.GetValueOrDefault(name, []),
            _ => Flipped(Value(name)),
        };
        _redis.Do("SET", name, value);
        Thread.Sleep(Next(30));
    }

    private byte[] Flipped(byte[] value)
    {
        if (value.Length > 0) value[Next(value.Length)] ^= (byte)(1 << Next(8));
        return value;
    }

    private List<string> Names() =>
        [.. _redis.Do("KEYS", "weir:a:*").Items.Select(item => item.Text).Order(StringComparer.Ordinal)];

    private byte[] Value(string name) => _redis.Do("GET", name).Bytes.ToArray();

    /// <param name="How">0: an unsafe request.</param>
    private sealed record Purge(int Node, long Version, long DoneAt, int How, string Kind);
}
