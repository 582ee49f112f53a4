using Weir.Core.Wires;

namespace Weir.Tests.Wires;

public sealed class ThreadsAwakeTests
{
    [Fact]
    public void One_is_awake_until_it_has_much_to_do_and_then_one_more_each_period()
    {
        var awake = new ThreadsAwake(4);
        Repeat(awake, 100, 0.6);
        Assert.Equal(1, awake.Count);
        Assert.Equal([2, 3, 4, 4], Repeat(awake, 4, 3.9));
    }

    [Fact]
    public void One_rests_when_the_others_would_have_little_to_do_for_two_seconds_together()
    {
        var awake = new ThreadsAwake(3);
        Repeat(awake, 2, 3);
        Repeat(awake, 19, 0.1);
        Assert.Equal(3, awake.Count);
        // A period with more to do, and the calm begins anew.
        Repeat(awake, 1, 1.0);
        Repeat(awake, 19, 0.1);
        Assert.Equal(3, awake.Count);
        Repeat(awake, 1, 0.1);
        Assert.Equal(2, awake.Count);
        Repeat(awake, 20, 0.1);
        Assert.Equal(1, awake.Count);
        Repeat(awake, 100, 0);
        Assert.Equal(1, awake.Count);
    }

    [Fact]
    public void All_are_awake_while_one_hangs()
    {
        var awake = new ThreadsAwake(4);
        awake.Decide(0, 0, hangs: true);
        Assert.Equal(4, awake.Count);
        for (var period = 0; period < 100; period++)
            awake.Decide(0, 0, hangs: true);
        Assert.Equal(4, awake.Count);
        Repeat(awake, 60, 0);
        Assert.Equal(1, awake.Count);
    }

    /// <summary>What wakes one does not let it rest again: there is room between the two bounds.</summary>
    [Fact]
    public void No_steady_load_wakes_and_rests_the_same_one_again_and_again()
    {
        for (var cores = 0.0; cores <= 4; cores += 0.01)
        {
            var awake = new ThreadsAwake(4);
            Repeat(awake, 200, cores);
            Assert.Single(Repeat(awake, 200, cores).Distinct());
        }
    }

    [Fact]
    public void Many_connections_a_second_keep_more_of_them_awake_than_their_time_would()
    {
        var awake = new ThreadsAwake(4);
        Assert.Equal([1, 1], Repeat(awake, 20, 0.1, opened: 1000)[^2..]);
        Assert.Equal([1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3], Repeat(awake, 11, 0.1, opened: 2500));
        Assert.Equal([3, 3], Repeat(awake, 20, 0.1, opened: 2500)[^2..]);
        Repeat(awake, 100, 0.1, opened: 1001);
        Assert.Equal(3, awake.Count);
        Repeat(awake, 100, 0.1, opened: 600);
        Assert.Equal(2, awake.Count);
        Repeat(awake, 20, 0.1, opened: 400);
        Assert.Equal(1, awake.Count);
    }

    [Fact]
    public void A_load_that_begins_with_a_few_hundred_connections_wakes_nobody_for_them()
    {
        var awake = new ThreadsAwake(2);
        Assert.DoesNotContain(2, Repeat(awake, 4, 0.1, opened: 5000));
        Assert.DoesNotContain(2, Repeat(awake, 1, 0.1));
        Assert.DoesNotContain(2, Repeat(awake, 4, 0.1, opened: 5000));
        Assert.Contains(2, Repeat(awake, 1, 0.1, opened: 5000));
    }

    private static List<int> Repeat(ThreadsAwake awake, int periods, double cores, double opened = 0)
    {
        var counts = new List<int>();
        for (var period = 0; period < periods; period++)
        {
            awake.Decide(cores, opened, hangs: false);
            counts.Add(awake.Count);
        }

        return counts;
    }
}
