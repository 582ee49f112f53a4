using System.Globalization;
using System.Text;
using Weir.Caching;
using Weir.Core.Caching;
using Weir.Core.Chance;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

/// <summary>
/// Purges race fills, hits and evictions: whoever asks after a purge has ended gets what the app had at that purge, or
/// newer, and never another key's answer.
/// </summary>
public sealed class PurgeRaceTests
{
    private const int Keys = 6;
    private const int Threads = 4;
    private const int StepsAThread = 3000;

    private readonly Answers _world = new(new StoreLimits { BytesMax = 40_000, AnswerBytesMax = 5000 });
    private readonly long[] _versions = new long[Keys];
    private readonly long[] _purged = new long[Keys];
    private readonly int[] _ways = new int[Enum.GetValues<FillRole>().Length];
    private int _hits;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nobody_who_comes_after_a_purge_sees_what_was_before(int seed)
    {
        SideThread.RunAll(Threads, thread =>
        {
            var chance = SeededRandom.Stream((ulong)seed, $"thread {thread}");
            for (var step = 0; step < StepsAThread; step++)
            {
                var key = chance.NextBelow(Keys);
                if (chance.NextBelow(25) == 0)
                    Purge(key, chance);
                else
                    Ask(key, step);
            }
        });
        Assert.Equal((0, 0, 0), _world.Fills.Counts);
        Assert.Equal(0, _world.Store.UnderWay.Used);
        // The race was one.
        Assert.True(_hits > 100 && _ways[(int)FillRole.Fetcher] > 100, $"{_hits} hits");
    }

    private void Purge(int key, SeededRandom chance)
    {
        var version = Interlocked.Increment(ref _versions[key]);
        var path = Encoding.ASCII.GetBytes($"/{key}");
        var kind = (PurgeKind)chance.NextBelow(2);
        switch (chance.NextBelow(4))
        {
            case 0:
                _world.Purges.Purge(PurgeSelector.Tag(path), kind);
                break;
            case 1:
                _world.Purges.Purge(PurgeSelector.Prefix("a.example"u8, path), kind);
                break;
            case 2:
                _world.Purges.Purge(PurgeSelector.Url("a.example"u8, path), kind);
                break;
            default:
                _world.Purges.PurgePresent("a.example"u8, path, kind);
                break;
        }

        for (var seen = Volatile.Read(ref _purged[key]); seen < version;)
        {
            var was = Interlocked.CompareExchange(ref _purged[key], version, seen);
            if (was == seen)
                break;
            seen = was;
        }
    }

    private void Ask(int key, int now)
    {
        var least = Volatile.Read(ref _purged[key]);
        var bytes = Answers.Key($"/{key}");
        var hash = _world.Store.Hash(bytes);
        if (FirstKept(_world.Store.Find(hash, bytes)) is { } found)
        {
            AnswerStore.Use(found, now);
            Interlocked.Increment(ref _hits);
            IsNoOlder(found, key, least);
            return;
        }

        var place = new FillPlace(new WakeCounter());
        var role = _world.Fills.Arrive(place, bytes, Answers.Parts(bytes), 0, long.MaxValue, long.MaxValue);
        var wait = default(SpinWait);
        while ((role = place.Role) == FillRole.Follower)
            wait.SpinOnce();
        Interlocked.Increment(ref _ways[(int)role]);
        if (role == FillRole.Reader)
        {
            var answer = place.Fill!.Answer!;
            while (!answer.Body.HasEnded)
                wait.SpinOnce();
            IsNoOlder(answer, key, least);
            _world.Fills.Gone(place, 0);
            return;
        }

        Assert.Equal(FillRole.Fetcher, role);
        Fetch(place, key, least, now);
    }

    private void Fetch(FillPlace place, int key, long least, int now)
    {
        var bytes = Answers.Key($"/{key}");
        if (FirstKept(_world.Store.FindAgain(_world.Store.Hash(bytes), bytes)) is { } found)
        {
            IsNoOlder(found, key, least);
            _world.Fills.HeadStorable(place, found, 0);
            _world.Fills.Ended(place);
            _world.Fills.Gone(place, 0);
            return;
        }

        var body = new StoredBody(-1, _world.Store.AnswerBytesMax, _world.Store.UnderWay);
        var version = Volatile.Read(ref _versions[key]);
        var like = _world.Of($"/{key}", tags: $"/{key}");
        var answer = new StoredAnswer
        {
            Key = like.Key,
            Hash = like.Hash,
            Parts = like.Parts,
            Head = like.Head,
            Body = body,
            Figures = like.Figures,
            Tags = like.Tags,
            Capture = place.Capture,
        };
        _world.Fills.HeadStorable(place, answer, 0);
        body.Append(Encoding.ASCII.GetBytes($"{key} {version}"));
        body.Append(new byte[4000 - 200 * key]);
        body.End();
        _world.Store.Put(answer, now);
        _world.Fills.Ended(place);
        _world.Fills.Gone(place, 0);
        IsNoOlder(answer, key, least);
    }

    private StoredAnswer? FirstKept(ReadOnlySpan<StoredAnswer> answers) =>
        answers.Length > 0 && _world.Purges.Check(answers[0]) == PurgeVerdict.Kept ? answers[0] : null;

    private static void IsNoOlder(StoredAnswer answer, int key, long least)
    {
        var words = Answers.Text(answer).TrimEnd('\0').Split(' ');
        Assert.Equal($"{key}", words[0]);
        var version = long.Parse(words[1], CultureInfo.InvariantCulture);
        Assert.True(version >= least, $"version {version} of {key} after {least} was purged");
    }
}
