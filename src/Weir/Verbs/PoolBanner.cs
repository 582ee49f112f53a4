using System.Globalization;
using Weir.Pooling;

namespace Weir.Verbs;

/// <summary>What a person reads when the pooler starts: no password stands in it.</summary>
internal static class PoolBanner
{
    /// <summary>More would hide the first line.</summary>
    private const int DatabasesMax = 10;

    public static IEnumerable<string> Lines(PoolOptions options, IReadOnlyList<string> addresses)
    {
        yield return $"pooling on {string.Join(", ", addresses)}, {Word(options.Mode)} mode, clients by "
            + $"{options.Auth.ToString().ToLowerInvariant()}";
        foreach (var database in options.Databases.Take(DatabasesMax))
            yield return Line(options, database);
        if (options.Databases.Count > DatabasesMax)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"and {options.Databases.Count - DatabasesMax} databases more");
        }

        if (NobodyGetsIn(options))
            yield return "warning: nobody can log in: the URL has no password, and there is no pool.auth-file and no "
                + "pool.auth-user; give one of them, or --auth trust";
    }

    private static string Line(PoolOptions options, PoolDatabase database)
    {
        var name = database.Name == PoolDatabase.Fallback ? "every other database" : database.Name;
        var asked = database.Size ?? options.Size;
        var size = asked == 0 ? "as many connections as the app has slots"
            : string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, asked / options.Hosts)} connections");
        var user = database.User is { } one ? $"as {one}" : "each as itself";
        var mode = database.Mode is { } own && own != options.Mode ? $", {Word(own)} mode" : "";
        return $"{name}: {database.Server.Redacted}, {size}, {user}{mode}";
    }

    /// <summary>Whose secret could a client show?</summary>
    private static bool NobodyGetsIn(PoolOptions options) =>
        options.Auth is PoolAuth.Scram or PoolAuth.Password or PoolAuth.Md5
        && options.AuthFile.Length == 0 && options.AuthUser.Length == 0
        && options.Databases.All(one => one.AuthUser is null && one.Server.Password is null or "");

    private static string Word(PoolMode mode) => mode.ToString().ToLowerInvariant();
}
