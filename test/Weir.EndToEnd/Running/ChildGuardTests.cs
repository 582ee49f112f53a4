using System.Globalization;
using Weir.EndToEnd.Support;
using Weir.Processes;

namespace Weir.EndToEnd.Running;

/// <summary>The guard alone: what it ends, what it leaves, and that another stands when it is killed.</summary>
public sealed class ChildGuardTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly ChildGuard _guard = new();
    private readonly List<Child> _children = [];

    public void Dispose()
    {
        _guard.Dispose();
        _children.ForEach(child => child.Dispose());
    }

    [Fact]
    public void At_its_end_it_ends_those_that_it_watches_and_no_other()
    {
        var (one, other, left, stubborn) = (Start(), Start(), Start(), Start("trap '' TERM; sleep 300 & wait; wait"));
        _guard.Stand();
        foreach (var child in _children)
            _guard.Watch(child.Id);
        _guard.Forget(left.Id);
        _guard.Forget(left.Id);
        _guard.Dispose();
        Assert.True(LiveProcesses.IsGroupGoneWithin(one.Id, Soon));
        Assert.True(LiveProcesses.IsGroupGoneWithin(other.Id, Soon));
        Assert.True(LiveProcesses.IsGroupGoneWithin(stubborn.Id, Soon));
        Assert.True(LiveProcesses.IsAlive(left.Id));
    }

    [Fact]
    public void A_guard_that_is_killed_is_followed_by_one_that_knows_all()
    {
        var child = Start();
        _guard.Stand();
        _guard.Watch(child.Id);
        var first = _guard.Id;
        LiveProcesses.Signal("-KILL", first);
        Eventually.True(() => _guard.Id != first && _guard.Id != 0, "another guard stands");
        var second = Start();
        _guard.Watch(second.Id);
        _guard.Dispose();
        Assert.True(LiveProcesses.IsGroupGoneWithin(child.Id, Soon));
        Assert.True(LiveProcesses.IsGroupGoneWithin(second.Id, Soon));
    }

    [Fact]
    public void Many_come_and_go()
    {
        _guard.Stand();
        // Numbers that no process here has: what matters is that the list stays right.
        for (var group = 4_000_000; group < 4_000_300; group++)
            _guard.Watch(group);
        var child = Start();
        _guard.Watch(child.Id);
        for (var group = 4_000_000; group < 4_000_300; group++)
            _guard.Forget(group);
        var id = _guard.Id.ToString(CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists("/proc/" + id));
        _guard.Dispose();
        Assert.True(LiveProcesses.IsGroupGoneWithin(child.Id, Soon));
        Eventually.True(() => !Directory.Exists("/proc/" + id), "the guard has gone");
    }

    private Child Start(string script = "exec sleep 300")
    {
        // Not guarded by this program's own guard: the one under test is another.
        var child = Child.Start(new ProcessStart(["sh", "-c", script], ChildEnvironment.Bare) { OutlivesWeir = true });
        _children.Add(child);
        return child;
    }
}
