namespace Weir.EndToEnd.Support;

/// <summary>Where this checkout and its parts are.</summary>
internal static class Checkout
{
    /// <summary>The folder that holds Weir.slnx, above the running program.</summary>
    public static string Root { get; } = Find();

    public static string Apps => Path.Combine(Root, "bench", "apps");

    /// <summary>The built child app, release first; throws where it was never built.</summary>
    public static string Dummy => FirstThatExists(
        Path.Combine(Root, "artifacts", "bin", "Weir.Dummy", "release", "Weir.Dummy.dll"),
        Path.Combine(Root, "artifacts", "bin", "Weir.Dummy", "debug", "Weir.Dummy.dll"));

    /// <summary>The command that starts Weir: WEIR_PROGRAM, else the published program, else a build.</summary>
    public static IReadOnlyList<string> Weir
    {
        get
        {
            var told = Environment.GetEnvironmentVariable("WEIR_PROGRAM");
            var path = string.IsNullOrEmpty(told)
                ? FirstThatExists(
                    Path.Combine(Root, "artifacts", "weir", "weir"),
                    Path.Combine(Root, "artifacts", "bin", "Weir", "release", "weir.dll"),
                    Path.Combine(Root, "artifacts", "bin", "Weir", "debug", "weir.dll"))
                : told;
            return path.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", path] : [path];
        }
    }

    private static string FirstThatExists(params string[] paths) =>
        paths.FirstOrDefault(File.Exists)
        ?? throw new FileNotFoundException("not built yet: " + string.Join(", ", paths.Select(Path.GetFileName)));

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Weir.slnx"))) return folder.FullName;
        }

        throw new DirectoryNotFoundException("Weir.slnx is in no folder above " + AppContext.BaseDirectory);
    }
}
