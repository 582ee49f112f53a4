using System.Text;
using Weir.Core.Caching;
using Weir.Core.Chance;

namespace Weir.Tests.Caching;

/// <summary>What a purge means for what was captured before it, and for what was captured after.</summary>
public sealed class GenerationsTests
{
    private static readonly KeyHash s_hash = new(11);

    public static TheoryData<string, bool> Selectors => new()
    {
        { "url a.example /shop/1?c=2", true },
        { "url a.example /shop/1", false },
        { "url b.example /shop/1?c=2", false },
        { "prefix a.example /shop/", true },
        { "prefix a.example /shop/2", false },
        { "prefix b.example /shop/", false },
        { "prefix  /sho", true },
        { "tag  red", true },
        { "tag  re", false },
        { "host a.example ", true },
        { "host example ", false },
        { "all  ", true },
    };

    [Theory]
    [MemberData(nameof(Selectors))]
    public void A_purge_is_for_what_it_names_and_for_nothing_else(string text, bool isFor)
    {
        var selector = Selector(text);
        var target = Target("a.example", "/shop/1?c=2", "blue", "red");
        Assert.Equal(isFor, selector.Matches(target));
        foreach (var kind in Enum.GetValues<PurgeKind>())
        {
            var generations = new Generations(new GenerationLimits(), s_hash);
            var before = generations.Last;
            var stamp = generations.Purge(selector, kind);
            var verdict = kind == PurgeKind.Hard ? PurgeVerdict.Gone : PurgeVerdict.Stale;
            Assert.Equal(isFor ? verdict : PurgeVerdict.Kept, generations.Check(target, before));
            Assert.Equal(PurgeVerdict.Kept, generations.Check(target, stamp));
        }
    }

    [Theory]
    [MemberData(nameof(Selectors))]
    public void A_selector_goes_to_other_nodes_whole_or_not_at_all(string text, bool _)
    {
        var selector = Selector(text);
        var bytes = selector.ToBytes()!;
        var read = PurgeSelector.Read(bytes)!;
        Assert.Equal((selector.Scope, bytes.Length), (read.Scope, read.ToBytes()!.Length));
        Assert.Equal(selector.Host, read.Host);
        Assert.Equal(selector.Text, read.Text);
        // Cut anywhere it is no selector, or one that differs.
        for (var length = 1; length < bytes.Length; length++)
            Assert.NotEqual(bytes, PurgeSelector.Read(bytes.AsSpan(0, length))?.ToBytes());
    }

    [Fact]
    public void What_is_no_selector_is_not_read_as_one()
    {
        Assert.Null(PurgeSelector.Read([(byte)PurgeScope.All, 0, 0]));
        Assert.Null(PurgeSelector.Read([99, 0, 0]));
        Assert.Null(PurgeSelector.Read([(byte)PurgeScope.Host, 0, 1, (byte)'a', (byte)'b']));
        Assert.Null(PurgeSelector.Read([(byte)PurgeScope.Tag, 0, 1, (byte)'a']));
        Assert.Null(PurgeSelector.Read([(byte)PurgeScope.Url, 0, 5, (byte)'a']));
        Assert.Null(PurgeSelector.Read(new byte[PurgeSelector.BytesMax + 1]));
        Assert.Null(PurgeSelector.Tag(new byte[PurgeSelector.BytesMax]).ToBytes());
    }

    [Fact]
    public void A_hard_purge_stays_hard_when_a_soft_one_follows()
    {
        var generations = new Generations(new GenerationLimits(), s_hash);
        generations.Purge(Selector("host a "), PurgeKind.Hard);
        var between = generations.Last;
        generations.Purge(Selector("host a "), PurgeKind.Soft);
        Assert.Equal(PurgeVerdict.Gone, generations.Check(Target("a", "/"), 0));
        Assert.Equal(PurgeVerdict.Stale, generations.Check(Target("a", "/"), between));
    }

    [Fact]
    public void A_stamp_from_outside_that_comes_late_counts_as_it_is()
    {
        var generations = new Generations(new GenerationLimits(), s_hash);
        generations.PurgeAt(Selector("host a "), PurgeKind.Soft, 9);
        generations.PurgeAt(Selector("host b "), PurgeKind.Hard, 7);
        Assert.Equal(9, generations.Last);
        Assert.Equal(PurgeVerdict.Gone, generations.Check(Target("b", "/"), 6));
        Assert.Equal(PurgeVerdict.Kept, generations.Check(Target("b", "/"), 7));
        Assert.Equal(PurgeVerdict.Stale, generations.Check(Target("a", "/"), 8));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(3)]
    public void Nothing_purged_is_ever_kept_and_within_the_bounds_nothing_else_is_purged(int bound)
    {
        var limits = new GenerationLimits
        {
            UrlsMax = bound,
            TagsMax = bound,
            HostsMax = bound,
            PrefixesMax = bound,
        };
        var tooMuch = 0;
        var counts = new int[3];
        for (var seed = 0UL; seed < 1000; seed++)
        {
            var chance = SeededRandom.Stream(seed, "generations");
            var generations = new Generations(limits, s_hash);
            var purges = new List<(PurgeSelector Selector, PurgeKind Kind, long Stamp)>();
            for (var step = 0; step < 60; step++)
            {
                if (chance.NextBelow(3) == 0)
                {
                    var (selector, kind) = (Any(chance), (PurgeKind)chance.NextBelow(2));
                    purges.Add((selector, kind, generations.Purge(selector, kind)));
                    continue;
                }

                var target = Target($"h{chance.NextBelow(4)}", $"/{chance.NextBelow(5)}/{chance.NextBelow(3)}",
                    [.. Enumerable.Range(0, chance.NextBelow(3)).Select(_ => $"t{chance.NextBelow(6)}")]);
                long capture = chance.NextBelow((int)generations.Last + 1);
                var wanted = PurgeVerdict.Kept;
                foreach (var (selector, kind, stamp) in purges)
                {
                    var verdict = kind == PurgeKind.Hard ? PurgeVerdict.Gone : PurgeVerdict.Stale;
                    if (stamp > capture && selector.Matches(target) && verdict > wanted)
                        wanted = verdict;
                }

                var found = generations.Check(target, capture);
                Assert.True(found >= wanted, $"seed {seed}: {found}, not {wanted}");
                tooMuch += found > wanted ? 1 : 0;
                counts[(int)wanted]++;
            }
        }

        Assert.All(counts, count => Assert.True(count > 500));
        Assert.Equal(bound == 3, tooMuch > 0);
    }

    private static PurgeSelector Any(SeededRandom chance) => chance.NextBelow(20) switch
    {
        0 => PurgeSelector.All,
        1 => Selector($"host h{chance.NextBelow(4)} "),
        < 5 => Selector($"prefix h{chance.NextBelow(4)} /{chance.NextBelow(5)}"),
        5 => Selector($"prefix  /{chance.NextBelow(5)}/"),
        < 12 => Selector($"tag  t{chance.NextBelow(6)}"),
        _ => Selector($"url h{chance.NextBelow(4)} /{chance.NextBelow(5)}/{chance.NextBelow(3)}"),
    };

    private static PurgeSelector Selector(string text)
    {
        var words = text.Split(' ');
        var (host, rest) = (Encoding.ASCII.GetBytes(words[1]), Encoding.ASCII.GetBytes(words[2]));
        return words[0] switch
        {
            "url" => PurgeSelector.Url(host, rest),
            "prefix" => PurgeSelector.Prefix(host, rest),
            "tag" => PurgeSelector.Tag(rest),
            "host" => PurgeSelector.OfHost(host),
            _ => PurgeSelector.All,
        };
    }

    private static PurgeTarget Target(string host, string path, params string[] tags) => new(
        Encoding.ASCII.GetBytes(host), Encoding.ASCII.GetBytes(path), [.. tags.Select(Encoding.ASCII.GetBytes)]);
}
