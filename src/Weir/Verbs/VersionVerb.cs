using System.Reflection;

namespace Weir.Verbs;

internal static class VersionVerb
{
    public static string Version { get; } =
        typeof(VersionVerb).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion ?? "0";

    public static Task<int> RunAsync()
    {
        Console.Out.WriteLine($"weir {Version}");
        return Task.FromResult(0);
    }
}
