using Weir.Config;

namespace Weir.Verbs;

/// <summary>Where a Weir's options come from, so that they can be read again while it runs.</summary>
/// <param name="Flags">Setting name → value as written; they hold as long as the process.</param>
/// <param name="File">What --config said; null: WEIR_CONFIG, or weir.yaml where there is one by then.</param>
internal sealed record OptionsSource(IReadOnlyDictionary<string, string> Flags, string? File)
{
    private VerbCall? _call;
    private string _folder = "";

    /// <summary>Takes --config out of the call; the rest of its values must be settings.</summary>
    public static OptionsSource Of(VerbCall call) => new(call.Values, call.Take("config"));

    /// <summary>
    /// For what starts processes: PORT and settings in .env count too (weaker than the environment), and flags in the
    /// Procfile's own line for Weir (weaker than those given here).
    /// </summary>
    /// <param name="folder">The app's folder.</param>
    public static OptionsSource OfRun(VerbCall call, string folder) => Of(call) with { _call = call, _folder = folder };

    /// <summary>Options, or null with at least one fault that is no warning.</summary>
    public (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) Read()
    {
        var path = OptionsLoader.FilePath(File);
        if (path is null)
            return Bind(null, "");
        try
        {
            return Bind(System.IO.File.ReadAllText(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, [new SettingFault("", path, $"cannot be read: {fault.Message}")]);
        }
    }

    private (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) Bind(string? text, string path) => _call is null
        ? SettingsBinder.Bind(Flags, OptionsLoader.Variables(), text, path)
        : OptionsLoader.BindRun(_call, _folder, OptionsLoader.Variables(), text, path);
}
