namespace Weir.Core.Pooling.State;

/// <summary>Names of settings as the server compares them: ASCII letters without case, old names as their new ones.</summary>
public static class SettingName
{
    public const string Role = "role";
    public const string SessionAuthorization = "session_authorization";

    /// <summary>Settings that RESET ALL leaves, and DISCARD ALL does not.</summary>
    public static bool IsUser(string name) => name is Role or SessionAuthorization;

    public static string Canonical(string name) => Fold(name) switch
    {
        // guc.c, map_old_guc_names.
        "sort_mem" => "work_mem",
        "vacuum_mem" => "maintenance_work_mem",
        var folded => folded,
    };

    /// <summary>ASCII letters in lower case, as the server folds names.</summary>
    public static string Fold(string name)
    {
        if (!name.AsSpan().ContainsAnyInRange('A', 'Z'))
            return name;
        return string.Create(name.Length, name, static (span, from) =>
        {
            for (var i = 0; i < span.Length; i++)
                span[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
        });
    }
}
