using System.Diagnostics;

namespace Weir.EndToEnd.Support;

/// <summary>
/// A server that is not ours and that a test stands before. Missing, it skips the test by name; under CI it fails it.
/// </summary>
internal static class RealServer
{
    /// <summary>What a package brings where that is not a command of the same name.</summary>
    private static readonly Dictionary<string, string> s_modules = new()
    {
        ["waitress"] = "waitress",
    };

    /// <summary>
    /// The server's path, or for a Python module the path of a Python that has it ("-m waitress" starts it).
    /// </summary>
    public static string Require(string name)
    {
        if (Find(name) is { } path)
            return path;
        var missing = $"{name} is not installed (make install-servers does it on Debian and Ubuntu as root)";
        if (Environment.GetEnvironmentVariable("CI") is "true" or "1")
            Assert.Fail(missing);
        Assert.Skip(missing);
        throw new UnreachableException();
    }

    /// <summary>The server's path, or null where it is not installed.</summary>
    public static string? Find(string name)
    {
        if (name == "php-fpm")
            return Directory.EnumerateFiles("/usr/sbin", "php-fpm*").FirstOrDefault();
        if (s_modules.TryGetValue(name, out var module))
            return FindPythonWith(module);
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Concat(["/usr/sbin", "/sbin"]);
        return folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Debian's Python has Debian's modules; the first one on the path may be another.</summary>
    private static string? FindPythonWith(string module)
    {
        string?[] pythons = ["/usr/bin/python3", Find("python3")];
        return pythons.FirstOrDefault(python => python is not null && File.Exists(python) && Has(python, module));
    }

    private static bool Has(string python, string module)
    {
        var start = new ProcessStartInfo(python, ["-c", $"import {module}"])
        {
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
