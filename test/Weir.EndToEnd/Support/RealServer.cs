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
        ["psycopg2"] = "psycopg2",
        ["psycopg"] = "psycopg",
        ["asyncpg"] = "asyncpg",
        ["django"] = "django",
    };

    /// <summary>Other languages' libraries, by a file of theirs, wherever test/install-servers.sh put it.</summary>
    private static readonly Dictionary<string, string[]> s_files = new()
    {
        ["node-pg"] =
        [
            "/usr/share/nodejs/pg/package.json", "/var/cache/weir-tests/node/node_modules/pg/package.json",
        ],
        ["http-cache-tests"] = ["/var/cache/weir-tests/node/node_modules/http-cache-tests/package.json"],
        ["pgjdbc"] = ["/usr/share/java/postgresql.jar"],
        ["ruby-pg"] = ["/usr/share/doc/ruby-pg/copyright"],
        ["activerecord"] = ["/usr/share/doc/ruby-activerecord/copyright"],
        ["libpq_pipeline"] = ["/var/cache/weir-tests/libpq_pipeline"],
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
        // Debian keeps PostgreSQL's own programs off the path.
        if (name == "postgres")
            return PostgresServer.Programs() is { } folder ? Path.Combine(folder, name) : null;
        if (s_files.TryGetValue(name, out var files))
            return files.FirstOrDefault(File.Exists);
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
