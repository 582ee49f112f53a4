namespace Weir.Processes;

/// <summary>The words that start this very program.</summary>
internal static class OwnProgram
{
    public static IReadOnlyList<string> Words(params string[] arguments)
    {
        var program = Environment.ProcessPath ?? "weir";
        // Started as `dotnet weir.dll`, the process is dotnet.
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Path.Combine(AppContext.BaseDirectory, "weir.dll")]
            : [program];
        return [.. first, .. arguments];
    }
}
