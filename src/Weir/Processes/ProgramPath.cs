namespace Weir.Processes;

/// <summary>
/// Looks for a program before a shell is asked to start it, so that a wrong name is one sentence of Weir's and not a
/// shell's line among an instance's output.
/// </summary>
internal static class ProgramPath
{
    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <param name="folder">Where it is started: names with a slash are looked up from there.</param>
    /// <param name="path">The PATH that it is given.</param>
    /// <exception cref="StartException">There is none, or it is not to be run.</exception>
    public static void Require(string program, string folder, string? path)
    {
        var candidates = program.Contains('/', StringComparison.Ordinal)
            ? [program]
            : (path ?? "/bin:/usr/bin").Split(':').Select(place => Path.Combine(place, program));
        var found = candidates.Select(place => Path.Combine(folder, place)).Where(File.Exists).ToList();
        if (found.Count == 0)
            throw NotFound(program);
        if (!found.Exists(IsExecutable))
            throw NotExecutable(program);
    }

    public static StartException NotFound(string program) =>
        new($"{program}: command not found; is it installed and in PATH?", 127);

    public static StartException NotExecutable(string program) =>
        new($"{program}: may not be run; is it an executable file?", 126);

    private static bool IsExecutable(string path) =>
        OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Executable) != 0;
}
