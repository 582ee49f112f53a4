using System.Collections;
using Weir.Config;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>Finds the file, binds the options, and tells every fault.</summary>
internal static class OptionsLoader
{
    public const string UsualFile = "weir.yaml";

    /// <summary>Options from flags, environment and file; null where there is a fault, which has been told.</summary>
    public static WeirOptions? Load(VerbCall call) => Load(OptionsSource.Of(call));

    /// <summary>The same from where it can be read again.</summary>
    public static WeirOptions? Load(OptionsSource source)
    {
        var (options, faults) = source.Read();
        Tell(faults);
        return options;
    }

    /// <summary>
    /// As <see cref="Load(VerbCall)"/>, for what starts processes: PORT and settings in .env count too (weaker than the
    /// environment), and flags in the Procfile's own line for Weir (weaker than those given here).
    /// </summary>
    /// <param name="folder">The app's folder.</param>
    public static WeirOptions? LoadRun(VerbCall call, string folder)
    {
        var path = FilePath(call);
        var text = path is null ? null : ReadFile(path);
        if (path is not null && text is null)
            return null;
        var (options, faults) = BindRun(call, folder, Variables(), text, path ?? "");
        Tell(faults);
        return options;
    }

    /// <returns>The options; null where a fault is more than a warning.</returns>
    public static (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) BindRun(
        VerbCall call, string folder, IReadOnlyDictionary<string, string> environment, string? text, string path)
    {
        // Where .env and Procfile are is a setting too. What is wrong with them is told when the plan is read.
        var first = SettingsBinder.BindAnyway(call.Values, environment, text, path).Options.Run;
        if (AppFiles.Read(first, folder, call.Command.Count == 0, out _) is not { } files)
            return SettingsBinder.Bind(call.Values, environment, text, path);
        var flags = call.Values.ToDictionary();
        foreach (var (name, value) in PlanReader.Flags(files))
            flags.TryAdd(name, value);
        return SettingsBinder.Bind(flags, environment, text, path, files.Env);
    }

    /// <summary>Options from flags alone: for a verb that must not depend on where it is started.</summary>
    public static WeirOptions? LoadFlags(VerbCall call)
    {
        var (options, faults) = SettingsBinder.Bind(call.Values, new Dictionary<string, string>(), null, "");
        Tell(faults);
        return options;
    }

    /// <summary>
    /// Options of which only <see cref="WeirOptions.Admin"/> counts: looking at a running Weir must work while its file
    /// is being edited, so that faults elsewhere are passed over.
    /// </summary>
    public static WeirOptions? LoadAdmin(VerbCall call)
    {
        var path = FilePath(call);
        var text = path is null ? null : ReadFile(path);
        if (path is not null && text is null)
            return null;
        var (options, faults) = SettingsBinder.BindAnyway(call.Values, Variables(), text, path ?? "");
        var ours = faults.Where(fault => fault.Key is "admin" or "admin.token").ToList();
        Tell(ours);
        return ours.Count > 0 ? null : options;
    }

    public static void Tell(IEnumerable<SettingFault> faults)
    {
        foreach (var fault in faults)
            Console.Error.WriteLine(fault.IsWarning ? $"weir: warning: {fault}" : $"weir: {fault}");
    }

    public static Dictionary<string, string> Variables()
    {
        var variables = new Dictionary<string, string>();
        foreach (DictionaryEntry entry in Environment.GetEnvironmentVariables())
            variables[(string)entry.Key] = (string?)entry.Value ?? "";
        return variables;
    }

    /// <param name="given">What --config said; null where it was not given.</param>
    public static string? FilePath(string? given) => given ?? Environment.GetEnvironmentVariable("WEIR_CONFIG")
        ?? (File.Exists(UsualFile) ? UsualFile : null);

    /// <summary>--config, else WEIR_CONFIG, else weir.yaml where it stands in this folder, else null.</summary>
    public static string? FilePath(VerbCall call) => FilePath(call.Take("config"));

    /// <summary>The file's text; null where it cannot be read, which has been told.</summary>
    public static string? ReadFile(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            CommandLine.Wrong($"{path}: cannot be read: {fault.Message}");
            return null;
        }
    }
}
