using System.Runtime.InteropServices;

namespace Weir.Processes;

/// <summary>The folder that an app runs in.</summary>
internal static partial class AppFolder
{
    /// <summary>
    /// Where Weir was started, by the way that the person went: where that goes over a link ("current"), the link is
    /// looked up anew at each reading of the plan, so that a restart runs what it points to by then.
    /// </summary>
    /// <param name="own">Weir's own environment: PWD is the shell's word for the way.</param>
    public static string Started(IReadOnlyDictionary<string, string> own)
    {
        var here = Environment.CurrentDirectory;
        return own.GetValueOrDefault("PWD") is { Length: > 0 } way && Path.IsPathRooted(way) && Real(way) == Real(here)
            ? way
            : here;
    }

    /// <summary>The path without links; null where there is no such thing.</summary>
    public static string? Real(string path)
    {
        var found = RealPath(path, 0);
        if (found == 0)
            return null;
        try
        {
            return Marshal.PtrToStringUTF8(found);
        }
        finally
        {
            Free(found);
        }
    }

    [LibraryImport("libc", EntryPoint = "realpath", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint RealPath(string path, nint into);

    [LibraryImport("libc", EntryPoint = "free")]
    private static partial void Free(nint memory);
}
