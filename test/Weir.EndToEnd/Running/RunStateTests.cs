using System.Diagnostics;
using Weir.Core.Processes;
using Weir.EndToEnd.Support;
using Weir.Processes;

namespace Weir.EndToEnd.Running;

/// <summary>What one run leaves and the next finds, with real processes.</summary>
public sealed class RunStateTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly string _directory = TemporaryFolder.Make() + "/run";
    private readonly List<int> _groups = [];

    public void Dispose()
    {
        foreach (var group in _groups)
            LiveProcesses.Signal("-KILL", -group);
        Directory.Delete(Path.GetDirectoryName(_directory)!, recursive: true);
    }

    [Fact]
    public async Task A_second_weir_in_the_folder_is_told_in_one_sentence_until_the_first_is_gone()
    {
        var first = await RunState.OpenAsync("/app", adopts: false, directory: _directory);
        first.Write([]);
        var fault = await Assert.ThrowsAsync<StartException>(
            () => RunState.OpenAsync("/app", false, directory: _directory));
        Assert.Equal(1, fault.ExitCode);
        Assert.Contains($"a Weir (process {Environment.ProcessId}) runs in /app already", fault.Message);
        using (await RunState.OpenAsync("/other", false, directory: _directory))
        {
            // Another folder is another app.
        }

        var opening = RunState.OpenAsync("/app", false, directory: _directory);
        first.Dispose();
        using var second = await opening;
        Assert.Equal("", second.Problem);
    }

    [Fact]
    public async Task Instances_that_outlive_their_weir_are_adopted_with_their_end_seen()
    {
        var record = Start("web", 1, adopts: true);
        var state = await Written([record], adopts: true);
        Assert.DoesNotContain(Directory.EnumerateFiles(_directory), file => (Mode(file) & ~0b110_000_000) != 0);
        var (instance, fate) = Assert.Single(state.Decide([new("web", 1, record.Line)]));
        Assert.Equal((Fate.Adopt, record), (fate, instance));
        using var adopted = AdoptedChild.Take(instance.Identity, instance.Name)!;
        Assert.Equal(0, await state.EndLeftoversAsync([instance]));
        Assert.False(adopted.Ended.IsCompleted);
        Assert.True(LiveProcesses.IsAlive(record.Id));
        LiveProcesses.Signal("-KILL", record.Id);
        Assert.Equal(ProcessGroup.CodeUnknown, await adopted.Ended.WaitAsync(Soon));
        state.Dispose();
    }

    [Theory]
    [InlineData(false, true, "same")]
    [InlineData(true, false, "same")]
    [InlineData(true, true, "changed")]
    public async Task What_is_not_adopted_is_ended_within_a_second_or_so(bool did, bool does, string line)
    {
        var record = Start("web", 1, adopts: true, script: "trap '' TERM; sleep 300 & wait; wait") with
        {
            Line = RunState.HashOf("same"),
        };
        Eventually.True(() => Members(record.Id) == 2, "it ignores TERM by now");
        using var state = await Written([record], did, does);
        Assert.Equal(Fate.End, Assert.Single(state.Decide([new("web", 1, RunState.HashOf(line))])).Fate);
        var clock = Stopwatch.StartNew();
        Assert.Equal(1, await state.EndLeftoversAsync([]));
        TestContext.Current.TestOutputHelper?.WriteLine($"ended after {clock.ElapsedMilliseconds} ms");
        Assert.True(LiveProcesses.IsGroupGoneWithin(record.Id, Soon));
    }

    [Fact]
    public async Task Workers_without_their_leader_are_ended_too()
    {
        var record = Start("web", 1, adopts: true, script: "sleep 300 & exec sleep 301");
        Eventually.True(() => Members(record.Id) == 2, "a leader and a worker");
        LiveProcesses.Signal("-KILL", record.Id);
        Eventually.True(() => Members(record.Id) == 1, "the leader is gone");
        using var state = await Written([record], adopts: true);
        Assert.Equal(Fate.Forget, Assert.Single(state.Decide([new("web", 1, record.Line)])).Fate);
        Assert.Equal(1, await state.EndLeftoversAsync([]));
        Assert.True(LiveProcesses.IsGroupGoneWithin(record.Id, Soon));
    }

    [Fact]
    public async Task A_number_that_is_another_process_by_now_is_left_alone()
    {
        var record = Start("web", 1, adopts: true);
        var stranger = record with { StartTicks = record.StartTicks - 1 };
        var state = await Written([stranger], adopts: true);
        Assert.Equal(Fate.Forget, Assert.Single(state.Decide([new("web", 1, record.Line)])).Fate);
        Assert.Null(AdoptedChild.Take(stranger.Identity, "web.1"));
        state.Dispose();
        using var other = await Written([record with { StartTicks = record.StartTicks + 1 }], adopts: true);
        Assert.Equal(0, await other.EndLeftoversAsync([]));
        Assert.True(LiveProcesses.IsAlive(record.Id));
    }

    [Fact]
    public async Task A_run_that_ended_in_good_order_leaves_no_record()
    {
        using (var state = await RunState.OpenAsync("/app", false, directory: _directory))
        {
            state.Write([Start("web", 1, adopts: true)]);
            state.Write([]);
        }

        Assert.DoesNotContain(Directory.EnumerateFiles(_directory), file => file.EndsWith(".json"));
    }

    private static int Members(int group) =>
        Directory.EnumerateDirectories("/proc").Count(folder => int.TryParse(Path.GetFileName(folder), out var id)
            && ReadStat(id) is { IsEnded: false } stat && stat.Group == group);

    private static ProcessStat? ReadStat(int id)
    {
        try
        {
            return ProcessStat.Read(File.ReadAllText($"/proc/{id}/stat"));
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int Mode(string file) => (int)File.GetUnixFileMode(file);

    /// <summary>The state that the next Weir opens after one that was killed.</summary>
    private async Task<RunState> Written(IReadOnlyList<InstanceRecord> records, bool adopts, bool? next = null)
    {
        using (var state = await RunState.OpenAsync("/app", adopts, directory: _directory))
            state.Write(records);
        return await RunState.OpenAsync("/app", next ?? adopts, directory: _directory);
    }

    private InstanceRecord Start(string type, int number, bool adopts, string script = "exec sleep 300")
    {
        var child = Child.Start(
            new ProcessStart(["sh", "-c", script], ChildEnvironment.Bare) { OutlivesWeir = adopts });
        _groups.Add(child.Id);
        return new InstanceRecord
        {
            Type = type,
            Number = number,
            Id = child.Id,
            StartTicks = LiveProcess.StartTicks(child.Id),
            Address = "127.0.0.1:5000",
            Port = 5000,
            Line = RunState.HashOf(script),
        };
    }
}
