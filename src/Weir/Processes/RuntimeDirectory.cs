using System.Runtime.InteropServices;

namespace Weir.Processes;

/// <summary>
/// The directory of this user's running Weirs: $XDG_RUNTIME_DIR/weir, or /tmp/weir-UID. It is 0700 and ours, which
/// guards
/// the admin sockets in it.
/// </summary>
internal static partial class RuntimeDirectory
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    public static string Path()
    {
        var runtime = Environment.GetEnvironmentVariable("XDG_RUNTIME_DIR");
        return !string.IsNullOrEmpty(runtime) && Directory.Exists(runtime)
            ? System.IO.Path.Combine(runtime, "weir")
            : $"/tmp/weir-{GetEffectiveUserId()}";
    }

    /// <summary>Makes the directory.</summary>
    /// <exception cref="IOException">Somebody else's directory, or a link, stands in its place.</exception>
    public static void Make(string path)
    {
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("no unix sockets with owners here");
        Directory.CreateDirectory(path, Private);
        if (new DirectoryInfo(path).LinkTarget is not null)
            throw new IOException($"{path} is a link, not a directory of this user");
        try
        {
            // Only the owner can do this, so it also tells whether somebody else made the directory first.
            File.SetUnixFileMode(path, Private);
        }
        catch (UnauthorizedAccessException)
        {
            throw new IOException($"{path} belongs to another user");
        }
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint GetEffectiveUserId();
}
