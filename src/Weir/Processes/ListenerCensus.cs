using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>Reads from /proc who of an instance's processes holds its listener.</summary>
internal static class ListenerCensus
{
    /// <summary>Who of a session holds the listener; nobody where it has none, or /proc cannot be read.</summary>
    /// <param name="leader">The session's leader, as <see cref="ProcessGroup.Id"/>.</param>
    /// <param name="address">"127.0.0.1:5000", "[::1]:5000" or "unix:/path".</param>
    public static ListenerHolders Take(int leader, string address)
    {
        var inodes = Listeners.Inodes(address).ToHashSet();
        var holders = new List<ListenerHolder>();
        if (inodes.Count > 0)
        {
            foreach (var row in ProcessTable.Read().Rows)
            {
                if (row.Session == leader && row.State is not ('Z' or 'X')
                    && ProcFile.Sockets(row.Id).Any(inodes.Contains))
                    holders.Add(new ListenerHolder(row.Id, row.Parent, row.Threads));
            }
        }

        return new ListenerHolders(holders);
    }

    /// <summary>
    /// How many of the workers hold a connection of the listener's port, and so may be busy: one that keeps an idle
    /// connection counts too. −1 for a unix socket, whose connections do not say which end they are.
    /// </summary>
    public static int Busy(ListenerHolders holders, string address)
    {
        if (Listeners.PortOf(address) is not { } port)
            return -1;
        var inodes = Listeners.Connections(port).ToHashSet();
        return holders.Workers.Count(worker => ProcFile.Sockets(worker.Id).Any(inodes.Contains));
    }

    /// <summary>
    /// What the kernel knows better than the line: the workers that could not be read, and for a line that told
    /// nothing the command line of the process that holds the listener.
    /// </summary>
    public static SlotFinding Refine(SlotFinding found, int leader, string address, string folder)
    {
        var holders = Take(leader, address);
        if (found.IsAssumed && found.Server.Length == 0 && holders.Master != 0)
            found = CommandOf(holders.Master, folder) ?? found;
        return holders.Refine(found);
    }

    private static SlotFinding? CommandOf(int id, string folder)
    {
        var words = Text(id, "cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            return null;
        // Puma, Gunicorn and Unicorn write a title over their arguments: it tells their name, and not their options.
        var title = words[0].Split(' ', ':')[0];
        if (words.Length == 1 && words[0].Length > title.Length)
        {
            var isKnown = title is "puma" or "gunicorn" or "unicorn" or "uWSGI";
            return !isKnown ? null : new SlotFinding(1, 1, title.ToLowerInvariant(), "")
            {
                Unread = SlotUnread.Workers | SlotUnread.Threads,
                Doubt = $"workers and threads of {title} cannot be told from its title",
            };
        }

        var variables = new Dictionary<string, string>();
        foreach (var pair in Text(id, "environ").Split('\0'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
                variables[pair[..equals]] = pair[(equals + 1)..];
        }

        var line = string.Join(' ', words.Select(word => $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'"));
        var found = FoundSlots.Of(line, folder, variables);
        return found.IsAssumed && found.Server.Length == 0
            ? null
            : found with { Evidence = found.Evidence.Length == 0 ? "" : $"{found.Evidence}, of process {id}" };
    }

    private static string Text(int id, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/{file}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
