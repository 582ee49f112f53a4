using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class ListenerHoldersTests
{
    private static readonly ListenerHolders s_four = new(
        [new(10, 1, 1), new(11, 10, 5), new(12, 10, 5), new(13, 10, 5), new(14, 10, 5)]);

    private static readonly ListenerHolders s_single = new([new(10, 1, 7)]);

    [Fact]
    public void Workers_are_the_holders_without_a_child_that_holds()
    {
        Assert.Equal([11, 12, 13, 14], s_four.Workers.Select(worker => worker.Id));
        Assert.Equal(10, s_four.Master);
        Assert.Equal([10], s_single.Workers.Select(worker => worker.Id));
        Assert.Equal(0, new ListenerHolders([]).Master);
    }

    [Fact]
    public void Workers_that_could_not_be_read_are_those_counted()
    {
        var found = Ask.Of("puma -t 3:3", "", "config/puma.rb", "workers :auto");
        var refined = s_four.Refine(found);
        Assert.Equal((12, 4, SlotUnread.None, ""), (refined.Slots, refined.Workers, refined.Unread, refined.Doubt));
        Assert.Equal("4 processes share its listener, -t 3:3 on the command line", refined.Evidence);
        Assert.Equal((3, 1), (s_single.Refine(found).Slots, s_single.Refine(found).Workers));
    }

    [Theory]
    [InlineData("gunicorn -w 2 app:app")]
    [InlineData("uvicorn app:app")]
    public void What_was_read_is_left_alone(string line) => Assert.Equal(Ask.Of(line), s_four.Refine(Ask.Of(line)));

    [Fact]
    public void Of_an_unknown_server_they_are_told_and_not_believed()
    {
        var refined = s_four.Refine(SlotFinding.Unknown);
        Assert.Equal((1, true), (refined.Slots, refined.IsAssumed));
        Assert.Contains("4 processes share its listener", refined.Doubt, StringComparison.Ordinal);
        Assert.Equal(SlotFinding.Unknown, s_single.Refine(SlotFinding.Unknown));
        Assert.Equal(SlotFinding.Unknown, new ListenerHolders([]).Refine(SlotFinding.Unknown));
    }
}
