namespace Weir.Processes;

// A process that forks away (daemonises) leaves its session, so no group signal reaches it. Weir therefore asks to be
// the parent of what its descendants leave behind (PR_SET_CHILD_SUBREAPER), and knows by their environment whose they
// were. The price: it has to wait for them when they end.

/// <summary>What an instance's processes left behind outside its session.</summary>
internal static class Orphans
{
    private static HashSet<int> s_ended = [];

    /// <summary>From now on orphaned descendants become children of this process.</summary>
    public static void Adopt() => _ = PosixCalls.Control(PosixCalls.SetChildSubreaper, 1, 0, 0, 0);

    /// <summary>Processes under this one with that variable, those of living instances apart.</summary>
    /// <param name="mark">"PORT=5000": what only this instance was given.</param>
    /// <param name="leaders">Of the instances that live.</param>
    public static List<int> Of(string mark, IReadOnlySet<int> leaders)
    {
        var table = ProcessTable.Read();
        return [.. table.TreeOf(Environment.ProcessId)
            .Where(row => row.Id != Environment.ProcessId && !leaders.Contains(row.Id)
                && !leaders.Contains(row.Session) && Has(row.Id, mark))
            .Select(row => row.Id)];
    }

    /// <summary>Ends what is left of an instance outside its group, at once, and waits for its end.</summary>
    public static async Task KillAsync(string mark, IReadOnlySet<int> leaders)
    {
        var left = Of(mark, leaders);
        foreach (var id in left)
            _ = PosixCalls.Kill(id, PosixCalls.SigKill);
        // Each becomes a child of this process as soon as what started it has ended.
        const int looks = 20;
        for (var look = 0; look < looks && left.Count > 0; look++)
        {
            left.RemoveAll(id => PosixCalls.Wait(id, out _, PosixCalls.NoHang) == id);
            await Task.Delay(10).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Waits for adopted processes that have ended. Only for those that had ended at the last call too: a child of
    /// Weir's own is waited for by its own thread long before.
    /// </summary>
    public static void Reap(ProcessTable table, IReadOnlySet<int> leaders)
    {
        var ended = table.Rows
            .Where(row => row.Parent == Environment.ProcessId && row.State == 'Z' && !leaders.Contains(row.Id))
            .Select(row => row.Id).ToHashSet();
        foreach (var id in ended.Where(s_ended.Contains))
            _ = PosixCalls.Wait(id, out _, PosixCalls.NoHang);
        s_ended = ended;
    }

    private static bool Has(int id, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/environ").Split('\0').Contains(mark);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
