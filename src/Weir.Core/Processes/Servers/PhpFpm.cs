using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Servers;

/// <summary>
/// PHP-FPM behind the web server that a line starts beside it: pm.max_children of its pool, whatever the manager
/// (static, dynamic, ondemand). A pool told twice has the later value, as images for containers use it.
/// </summary>
internal static class PhpFpm
{
    private static readonly string[] s_usual =
        ["/usr/local/etc/php-fpm.conf", "/etc/php-fpm.conf", "/etc/php/*/fpm/php-fpm.conf"];

    public static SlotFinding Find(ServerCall call)
    {
        var told = Flag.Last(call.Arguments, "-y", "--fpm-config")?.Value;
        var file = told ?? Usual(call);
        var pools = new Dictionary<string, Count>();
        if (file is null || !Read(call, file, pools, depth: 0) || pools.Count == 0)
            return SlotSum.Of("php-fpm", Count.Unread(file ?? "php-fpm.conf"), Count.Default(1));
        // Of several pools it cannot be told which one the web server asks.
        return SlotSum.Of("php-fpm", pools.Values.MinBy(count => count.Value), Count.Default(1));
    }

    /// <summary>Heroku's start scripts take WEB_CONCURRENCY, and else count by memory.</summary>
    public static SlotFinding FindHeroku(ServerCall call) => SlotSum.Of(
        "php-fpm",
        Count.InEnvironment(call.Environment, "WEB_CONCURRENCY") ?? Count.Unread(call.Program),
        Count.Default(1));

    private static string? Usual(ServerCall call)
    {
        foreach (var path in s_usual)
        {
            var found = path.Contains('*', StringComparison.Ordinal) ? Versions(call, path) : path;
            if (found is not null && call.Read(found) is not null)
                return found;
        }

        return null;
    }

    /// <summary>Debian's folders by version; several versions are no evidence for one of them.</summary>
    private static string? Versions(ServerCall call, string pattern)
    {
        var folders = call.List(pattern[..pattern.IndexOf("/fpm", StringComparison.Ordinal)]);
        var files = folders.Select(folder => folder + "/fpm/php-fpm.conf")
            .Where(file => call.Read(file) is not null).ToList();
        return files.Count == 1 ? files[0] : null;
    }

    private static bool Read(ServerCall call, string file, Dictionary<string, Count> pools, int depth)
    {
        if (depth > 3 || call.Read(file) is not { } text)
            return false;
        foreach (var (section, name, value, line) in IniConfig.Read(text, '='))
        {
            if (name == "include")
            {
                foreach (var included in Included(call, value))
                    Read(call, included, pools, depth + 1);
            }
            else if (name == "pm.max_children" && section != "global")
            {
                var setting = new ConfigSetting([ConfigValue.OfText(call.Expand(value))], line);
                pools[section] = Count.InFile(file, setting, setting.Values[0]);
            }
        }

        return true;
    }

    /// <summary>An include without a slash in front counts from where PHP was installed to.</summary>
    private static IEnumerable<string> Included(ServerCall call, string pattern)
    {
        var found = call.List(pattern);
        return found.Count > 0 || pattern.StartsWith('/') ? found.Order() : call.List("/usr/local/" + pattern).Order();
    }
}
