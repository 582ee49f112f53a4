using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;
using Weir.Edge;
using Weir.Intake;
using Weir.Spill;
using Weir.Tests.Http.Forwarding;
using Weir.Tests.Support;

namespace Weir.Tests.Intake;

public sealed class RequestBodyTests : IDisposable
{
    private const long Second = 1_000_000;
    private const long Start = 77 * Second;

    private static readonly ClientAddress Someone = new(0, 0xFFFF_C000_0201);

    private static readonly IntakeOptions Options = new()
    {
        RateMin = 1_000,
        RateGrace = TimeSpan.FromSeconds(30),
        Idle = TimeSpan.FromSeconds(55),
        TimeMax = TimeSpan.FromSeconds(100),
        ClientBodiesMax = 1,
        ClientBytesMax = 1_000_000,
    };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-body");
    private readonly SpillDisk _disk;
    private readonly BlockPool _blocks = new();
    private readonly WakeCounter _owner = new();
    private readonly ClientBudgets _budgets = new(Options);
    private readonly MemoryWire _wire = new();
    private readonly Http1Client _client;

    public RequestBodyTests()
    {
        _disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });
        _wire.Owner = _owner;
        _client = new Http1Client(_wire, Peers.Make("192.0.2.1"), GateLimits.Default);
    }

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void A_body_that_comes_in_time_is_whole_and_charged_no_more()
    {
        var body = Begin(10);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start));
        Assert.False(_budgets.TryBegin(Someone));
        Come(10);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start + 54 * Second));
        Assert.True(body.IsWhole);
        Assert.Equal(10, body.Length);
        Assert.Equal(long.MaxValue, body.Deadline);
        Assert.True(_budgets.TryBegin(Someone));
    }

    [Fact]
    public void A_client_that_sends_nothing_has_the_idle_time()
    {
        var body = Begin(1_000_000, rateMin: 0);
        Come(1_000);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start + 10 * Second));
        Assert.Equal(Outcome.Answered, body.Take(_client, Start + 65 * Second - 1));
        Assert.True(body.Deadline <= Start + 65 * Second);
        Assert.Equal(Outcome.BodyTimeout, body.Take(_client, Start + 65 * Second));
    }

    [Fact]
    public void A_body_has_its_time_however_steadily_it_comes()
    {
        var body = Begin(1_000_000);
        for (var second = 1; second < 100; second++)
        {
            Come(1_000);
            Assert.Equal(Outcome.Answered, body.Take(_client, Start + second * Second));
            Assert.True(body.Deadline <= Start + 100 * Second);
        }

        Come(1_000);
        Assert.Equal(Outcome.BodyTimeout, body.Take(_client, Start + 100 * Second));
    }

    // Billed from the grace's end, in steps of five seconds: 1,000 bytes a second.
    [Theory]
    [InlineData(0, 34.9, true)]
    [InlineData(4_999, 35, false)]
    [InlineData(5_000, 35, true)]
    [InlineData(19_999, 50, false)]
    [InlineData(20_000, 50, true)]
    public void A_body_slower_than_the_rate_ends_once_its_grace_is_over(int bytes, double seconds, bool isFastEnough)
    {
        var body = Begin(1_000_000);
        Come(bytes);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start));
        var outcome = body.Take(_client, Start + (long)(seconds * Second));
        Assert.Equal(isFastEnough ? Outcome.Answered : Outcome.BodyTimeout, outcome);
    }

    [Fact]
    public void It_asks_to_be_looked_at_by_the_first_bound_that_it_may_break()
    {
        var body = Begin(1_000_000);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start));
        Assert.Equal(Start + 35 * Second, body.Deadline);
    }

    [Theory]
    [InlineData(100, false)]
    [InlineData(99, true)]
    public void A_body_over_its_bound_is_too_large(long bytesMax, bool isTooLarge)
    {
        var body = Begin(100, bytesMax);
        Come(100);
        Assert.Equal(isTooLarge ? Outcome.BodyTooLarge : Outcome.Answered, body.Take(_client, Start));
    }

    [Fact]
    public void An_address_with_its_fill_of_bodies_is_refused_only_where_a_body_does_not_come_at_once()
    {
        Assert.True(_budgets.TryBegin(Someone));
        var body = Begin(10);
        Come(5);
        Assert.Equal(Outcome.BodyBudgetClient, body.Take(_client, Start));
        Come(5);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start));
        Assert.True(body.IsWhole);
    }

    [Fact]
    public void A_client_that_goes_in_the_middle_is_gone_and_gives_all_back()
    {
        var body = Begin(10);
        Come(5);
        Assert.Equal(Outcome.Answered, body.Take(_client, Start));
        Assert.False(_budgets.TryBegin(Someone));
        _wire.End();
        Assert.Equal(Outcome.ClientGoneReceiving, body.Take(_client, Start));
        body.Reset();
        Assert.True(_budgets.TryBegin(Someone));
    }

    private RequestBody Begin(int length, long bytesMax = 1 << 30, int rateMin = 1_000)
    {
        _wire.Come(System.Text.Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n"));
        Assert.Equal(HeadRead.Whole, _client.Input.ReadHead(_client.Head, GateLimits.Default, out _));
        var body = new RequestBody(Options with { RateMin = rateMin }, _blocks, _disk, _budgets, _owner);
        body.Begin(Someone, bytesMax, streams: false, Start);
        return body;
    }

    private void Come(int bytes)
    {
        if (bytes > 0)
            _wire.Come(new byte[bytes]);
    }
}
