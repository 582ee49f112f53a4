namespace Weir.Processes;

/// <summary>Which TCP ports processes listen on: what an app did in place of binding the port it was given.</summary>
internal static class ListeningPorts
{
    /// <summary>In rising order, each once; empty where none listens or /proc does not tell.</summary>
    public static IReadOnlyList<int> Of(IEnumerable<int> processes)
    {
        var ports = (TcpRow.All() ?? []).Where(row => row.State == TcpRow.Listening)
            .ToLookup(row => row.Inode, row => row.Port);
        return [.. new SortedSet<int>(processes.SelectMany(ProcFile.Sockets).SelectMany(inode => ports[inode]))];
    }
}
