namespace Weir.Processes;

/// <summary>
/// Files of /proc that may not be there: the process has ended, runs as another user, or the kernel lacks them.
/// </summary>
internal static class ProcFile
{
    /// <summary>Empty where it cannot be read.</summary>
    public static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Inodes of the sockets that a process holds.</summary>
    public static List<uint> Sockets(int process)
    {
        const string head = "socket:[";
        var inodes = new List<uint>();
        try
        {
            foreach (var descriptor in new DirectoryInfo($"/proc/{process}/fd").EnumerateFileSystemInfos())
            {
                if (descriptor.LinkTarget is { } target && target.StartsWith(head, StringComparison.Ordinal)
                    && uint.TryParse(target.AsSpan(head.Length, target.Length - head.Length - 1), out var inode))
                {
                    inodes.Add(inode);
                }
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Then it is nobody's evidence.
        }

        return inodes;
    }
}
