using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>A memory cgroup with a limit (version 2 where it is ours, else version 1), removed on Dispose.</summary>
internal sealed class MemoryGroup : IDisposable
{
    private MemoryGroup(string folder) => Folder = folder;

    public string Folder { get; }

    /// <summary>Null, with the reason, where the machine lets us make none.</summary>
    public static MemoryGroup? TryMake(long bytesMax, out string reason)
    {
        reason = "";
        var name = "weir-bench-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        (string Root, string File)[] versions =
            [("/sys/fs/cgroup", "memory.max"), ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")];
        foreach (var (root, file) in versions)
        {
            var folder = Path.Combine(root, name);
            try
            {
                // Below a version 2 root this makes a group, elsewhere an ordinary folder without the limit's file.
                Directory.CreateDirectory(folder);
                if (File.Exists(Path.Combine(folder, file)))
                {
                    File.WriteAllText(Path.Combine(folder, file), bytesMax.ToString(CultureInfo.InvariantCulture));
                    return new MemoryGroup(folder);
                }

                Directory.Delete(folder);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                reason = fault.Message;
            }
        }

        reason = "no writable memory cgroup here" + (reason.Length == 0 ? "" : ": " + reason);
        return null;
    }

    /// <summary>Words before a command that move its process, and so its children, into the group first.</summary>
    public static string[] Enter(string folder) => folder.Length == 0
        ? []
        : ["sh", "-c", "echo $$ > \"$0/cgroup.procs\" && exec \"$@\"", folder];

    public void Dispose()
    {
        for (var attempt = 0; attempt < 50 && Directory.Exists(Folder); attempt++)
        {
            try
            {
                Directory.Delete(Folder);
            }
            catch (IOException)
            {
                // Its killed processes are still being taken down.
                Thread.Sleep(20);
            }
        }
    }
}
