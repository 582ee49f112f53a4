using Weir.Spill;

namespace Weir.Tests.Spill;

public sealed class SpillDiskTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-disk");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Its_directory_is_its_users_alone_and_its_files_have_no_name()
    {
        var path = Path.Combine(_folder.FullName, "spill");
        using var disk = new SpillDisk(new SpillOptions { Directory = path });
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            new DirectoryInfo(path).UnixFileMode);
        using var handle = disk.CreateUnlinked();
        Assert.Empty(Directory.GetFileSystemEntries(path));
        RandomAccess.Write(handle, "still a file"u8, 0);
        Assert.Equal(12, RandomAccess.GetLength(handle));
    }

    [Fact]
    public void A_job_after_its_end_is_ended_as_failed()
    {
        var disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });
        disk.Dispose();
        var job = new SpillJob { File = new SpillFile(disk), Action = SpillAction.Write };
        disk.Submit(job);
        Assert.False(job.IsBusy);
        Assert.NotNull(job.Fault);
    }

    [Fact]
    public void A_budget_gives_all_or_nothing()
    {
        var budget = new Budget(100);
        Assert.True(budget.TryTake(60));
        Assert.False(budget.TryTake(41));
        Assert.Equal(60, budget.Used);
        Assert.True(budget.TryTake(40));
        budget.Give(100);
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void A_pool_counts_what_it_lends_and_keeps_no_more_than_its_bound()
    {
        var pool = new BlockPool(keepMax: 1, keepLargeMax: 1);
        var (first, second, large) = (pool.Take(), pool.Take(), pool.TakeLarge());
        Assert.Equal(2 * BlockPool.BlockBytes + BlockPool.LargeBytes, pool.BytesLent);
        pool.Give(first);
        pool.Give(second);
        pool.Forget(large);
        Assert.Equal(0, pool.BytesLent);
        Assert.Same(first, pool.Take());
        Assert.NotSame(second, pool.Take());
        Assert.NotSame(large, pool.TakeLarge());
    }
}
