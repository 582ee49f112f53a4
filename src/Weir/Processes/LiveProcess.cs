using System.Globalization;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>What /proc says of a process.</summary>
internal static class LiveProcess
{
    /// <summary>When it started, in clock ticks since the boot; −1 where there is none, or it has ended.</summary>
    public static long StartTicks(int id) => Of(id) is { IsEnded: false } stat ? stat.StartTicks : -1;

    /// <summary>This process.</summary>
    public static ProcessIdentity Own => new(Environment.ProcessId, StartTicks(Environment.ProcessId));

    /// <summary>As it is now; StartTicks is −1 where it has ended already.</summary>
    public static ProcessIdentity Identify(int id) => new(id, StartTicks(id));

    /// <summary>The kernel's name for this boot: ticks of another say nothing.</summary>
    public static string Boot { get; } = ReadBoot();

    /// <summary>True while a member of the session that this process led is left, whether or not the leader is.
    /// </summary>
    public static bool HasSession(ProcessIdentity leader)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && Of(id) is { IsEnded: false } stat && stat.Group == leader.Id && stat.Session == leader.Id
                && stat.StartTicks >= leader.StartTicks)
                return true;
        }

        return false;
    }

    private static ProcessStat? Of(int id)
    {
        try
        {
            return ProcessStat.Read(File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ReadBoot()
    {
        try
        {
            return File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
