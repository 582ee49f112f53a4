using Weir.Config;
using Weir.Core.Processes;

namespace Weir.Processes;

/// <summary>Procfile and .env, read from the app's folder.</summary>
internal sealed record AppFiles
{
    /// <summary>1 MiB: far over any; a wrong path must not read a disk image into memory.</summary>
    private const int BytesMax = 1024 * 1024;

    private const string Manner = "a line like 'web: gunicorn app:app'";

    /// <summary>Where all is started: the Procfile's folder, absolute and without links.</summary>
    public required string Folder { get; init; }

    /// <summary>What the Procfile is called in faults.</summary>
    public required string ProcfileName { get; init; }

    /// <summary>Empty where no Procfile was asked for.</summary>
    public IReadOnlyList<ProcfileEntry> Entries { get; init; } = [];

    /// <summary>Of the .env file; null where there is none.</summary>
    public EnvFile? Env { get; init; }

    /// <param name="folder">Where Weir was started; may go over links.</param>
    /// <param name="withProcfile">False where a command says what to start.</param>
    /// <param name="fault">One sentence.</param>
    /// <returns>Null where something is wrong.</returns>
    public static AppFiles? Read(RunOptions options, string folder, bool withProcfile, out string fault)
    {
        var procfile = Path.Combine(folder, options.Procfile);
        var asked = withProcfile ? Path.GetDirectoryName(procfile)! : folder;
        if (AppFolder.Real(asked) is not { } real || !Directory.Exists(real))
        {
            fault = $"{asked}: there is no such folder; start Weir in the app's folder, or give run.procfile";
            return null;
        }

        var files = new AppFiles { Folder = real, ProcfileName = options.Procfile };
        return (withProcfile ? files.WithEntries(real, out fault) : files.WithNothing(out fault))
            ?.WithEnv(options.EnvFile, out fault);
    }

    private AppFiles WithNothing(out string fault)
    {
        fault = "";
        return this;
    }

    private AppFiles? WithEntries(string real, out string fault)
    {
        var path = Path.Combine(real, Path.GetFileName(ProcfileName));
        if (!File.Exists(path))
        {
            fault = $"there is no {Path.GetFileName(ProcfileName)} in {real} and no command; write one with {Manner}, "
                + "or say: weir run -- gunicorn app:app";
            return null;
        }

        var faults = new List<LineFault>();
        if (ReadText(path, ProcfileName, out fault) is not { } text)
            return null;
        var entries = ProcfileReader.Read(text, faults);
        fault = faults.Count > 0 ? Tell(ProcfileName, faults)
            : entries.Count == 0 ? $"{ProcfileName} has no process type; write {Manner}"
            : "";
        return fault.Length > 0 ? null : this with { Entries = entries };
    }

    private AppFiles? WithEnv(string name, out string fault)
    {
        fault = "";
        var path = Path.Combine(Folder, name);
        if (!File.Exists(path))
        {
            if (name is RunOptions.UsualEnvFile or "")
                return this;
            fault = $"run.env-file: there is no {path}; give the file's path, or leave the setting out";
            return null;
        }

        if (ReadText(path, name, out fault) is not { } text)
            return null;
        var faults = new List<LineFault>();
        var variables = new Dictionary<string, string>();
        foreach (var entry in EnvFileReader.Read(text, faults))
            variables[entry.Name] = entry.Value;
        if (faults.Count == 0)
            return this with { Env = new EnvFile(name, variables) };
        fault = Tell(name, faults);
        return null;
    }

    private static string? ReadText(string path, string name, out string fault)
    {
        fault = "";
        try
        {
            if (new FileInfo(path).Length <= BytesMax)
                return File.ReadAllText(path);
            fault = $"{name} is over {BytesMax} bytes; is it the right file?";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            fault = $"{name} cannot be read: {exception.Message}";
        }

        return null;
    }

    private static string Tell(string name, List<LineFault> faults)
    {
        var more = faults.Count > 1 ? $" (and {faults.Count - 1} more)" : "";
        return $"{name}:{faults[0].Line}: {faults[0].Problem}{more}";
    }
}
