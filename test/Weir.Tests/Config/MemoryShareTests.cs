using Weir.Config;
using Weir.Intake;
using Weir.Outflow;

namespace Weir.Tests.Config;

public sealed class MemoryShareTests
{
    [Fact]
    public void Budgets_that_nobody_set_are_a_share_of_the_memory()
    {
        var share = MemoryShare.Of(new WeirOptions());
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.InRange(share.Intake.TotalMemoryMax, 16L << 20, 1L << 30);
        Assert.Equal(Math.Min(Math.Max(memory / 32, 16L << 20), 1L << 30), share.Intake.TotalMemoryMax);
        Assert.Equal(share.Intake.TotalMemoryMax, share.Outflow.TotalMemoryMax);
    }

    [Fact]
    public void Budgets_that_are_set_stay_each_on_its_own()
    {
        var share = MemoryShare.Of(new WeirOptions
        {
            Intake = new IntakeOptions { TotalMemoryMax = 5, MemoryMax = 7 },
        });
        Assert.Equal((5, 7), (share.Intake.TotalMemoryMax, share.Intake.MemoryMax));
        Assert.True(share.Outflow.TotalMemoryMax >= 16L << 20);
        share = MemoryShare.Of(new WeirOptions { Outflow = new OutflowOptions { TotalMemoryMax = 5 } });
        Assert.Equal(5, share.Outflow.TotalMemoryMax);
        Assert.True(share.Intake.TotalMemoryMax >= 16L << 20);
    }
}
