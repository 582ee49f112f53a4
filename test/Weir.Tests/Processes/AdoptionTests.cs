using System.Text.Json;
using Weir.Core.Processes;
using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class AdoptionTests
{
    private static readonly InstanceRecord Web = new()
    {
        Type = "web",
        Number = 1,
        Id = 77,
        StartTicks = 1000,
        Address = "127.0.0.1:5000",
        Port = 5000,
        Line = "hash",
        Slots = 4,
    };

    private static readonly RunRecord Last = new() { Boot = "b", Adopts = true, Instances = [Web] };

    public static TheoryData<string, string> Cases => new()
    {
        { "nothing", nameof(Fate.Adopt) },
        { "another boot", nameof(Fate.Forget) },
        { "another format", nameof(Fate.Forget) },
        { "gone", nameof(Fate.Forget) },
        { "another process", nameof(Fate.Forget) },
        { "no identity", nameof(Fate.Forget) },
        { "process 1", nameof(Fate.Forget) },
        { "the last did not adopt", nameof(Fate.End) },
        { "this does not adopt", nameof(Fate.End) },
        { "another line", nameof(Fate.End) },
        { "fewer wanted", nameof(Fate.End) },
        { "never was ready", nameof(Fate.End) },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void An_instance_is_adopted_unless(string differs, string expected)
    {
        var (last, web, ticks, adopts) = (Last, Web, 1000L, true);
        WantedInstance[] wanted = [new("web", 1, "hash"), new("worker", 1, "other")];
        switch (differs)
        {
            case "another boot": last = last with { Boot = "c" }; break;
            case "another format": last = last with { Format = 2 }; break;
            case "gone": ticks = -1; break;
            case "another process": ticks = 1001; break;
            case "no identity": (web, ticks) = (web with { StartTicks = -1 }, -1); break;
            case "process 1": web = web with { Id = 1 }; break;
            case "the last did not adopt": last = last with { Adopts = false }; break;
            case "this does not adopt": adopts = false; break;
            case "another line": wanted = [new("web", 1, "changed")]; break;
            case "fewer wanted": web = web with { Number = 2 }; break;
            case "never was ready": web = web with { Address = "" }; break;
        }

        var fate = Adoption.Decide(last, web, "b", adopts, wanted, id => id == web.Id ? ticks : -1);
        Assert.Equal(expected, fate.ToString());
    }

    [Fact]
    public void A_worker_needs_no_address()
    {
        var worker = Web with { Type = "worker", Address = "" };
        Assert.Equal(
            Fate.Adopt, Adoption.Decide(Last, worker, "b", true, [new("worker", 1, "hash")], _ => worker.StartTicks));
    }

    [Fact]
    public void The_record_reads_back_as_it_was_written()
    {
        var text = JsonSerializer.Serialize(Last, RunStateJson.Default.RunRecord);
        var read = JsonSerializer.Deserialize(text, RunStateJson.Default.RunRecord)!;
        Assert.Equal(Web, Assert.Single(read.Instances));
        Assert.Equal((Last.Boot, Last.Adopts, Last.Format), (read.Boot, read.Adopts, read.Format));
    }

    [Fact]
    public void A_hash_tells_words_apart_and_tells_none_of_them()
    {
        Assert.NotEqual(RunState.HashOf("a b"), RunState.HashOf("a", "b"));
        Assert.Equal(RunState.HashOf("a", "b"), RunState.HashOf("a", "b"));
        Assert.DoesNotContain("secret", RunState.HashOf("--token=secret"));
    }
}
