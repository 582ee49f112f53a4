using System.Globalization;
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
        var names = Listeners.Inodes(address).Select(inode => $"socket:[{inode}]").ToHashSet();
        var holders = new List<ListenerHolder>();
        if (names.Count > 0)
        {
            foreach (var (id, parent, threads) in Members(leader))
            {
                if (Descriptors(id).Any(names.Contains))
                    holders.Add(new ListenerHolder(id, parent, threads));
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
        var names = Listeners.Connections(port).Select(inode => $"socket:[{inode}]").ToHashSet();
        return holders.Workers.Count(worker => Descriptors(worker.Id).Any(names.Contains));
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

    private static IEnumerable<(int Id, int Parent, int Threads)> Members(int session)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(folder.AsSpan("/proc/".Length), CultureInfo.InvariantCulture, out var id))
                continue;
            var stat = Text(id, "stat");
            // The name in brackets may hold blanks and brackets; what follows the last one is numbers.
            var words = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            const int parentAt = 1;
            const int sessionAt = 3;
            const int threadsAt = 17;
            if (words.Length > threadsAt && Number(words[sessionAt]) == session && words[0] is not ("Z" or "X"))
                yield return (id, Number(words[parentAt]), Number(words[threadsAt]));
        }
    }

    private static List<string> Descriptors(int id)
    {
        var names = new List<string>();
        try
        {
            foreach (var path in Directory.EnumerateFileSystemEntries($"/proc/{id}/fd"))
            {
                if (new FileInfo(path).LinkTarget is { } target)
                    names.Add(target);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or runs as somebody else: then it is nobody's evidence.
        }

        return names;
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

    private static int Number(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
