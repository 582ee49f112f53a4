using Weir.Config;

namespace Weir.Verbs;

/// <summary>Where a Weir's options come from, so that they can be read again while it runs.</summary>
/// <param name="Flags">Setting name → value as written; they hold as long as the process.</param>
/// <param name="File">What --config said; null: WEIR_CONFIG, or weir.yaml where there is one by then.</param>
internal sealed record OptionsSource(IReadOnlyDictionary<string, string> Flags, string? File)
{
    /// <summary>Takes --config out of the call; the rest of its values must be settings.</summary>
    public static OptionsSource Of(VerbCall call) => new(call.Values, call.Take("config"));

    /// <summary>Options, or null with at least one fault that is no warning.</summary>
    public (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) Read()
    {
        var path = OptionsLoader.FilePath(File);
        if (path is null)
            return SettingsBinder.Bind(Flags, OptionsLoader.Variables(), null, "");
        try
        {
            return SettingsBinder.Bind(Flags, OptionsLoader.Variables(), System.IO.File.ReadAllText(path), path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, [new SettingFault("", path, $"cannot be read: {fault.Message}")]);
        }
    }
}
