namespace Weir.Core.Pooling.State;

/// <summary>Names of settings as the server compares them: ASCII letters without case, old names as their new ones.</summary>
public static class SettingName
{
    public const string Role = "role";
    public const string SessionAuthorization = "session_authorization";

    public static string Canonical(string name)
    {
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                name = string.Create(name.Length, name, static (span, from) =>
                {
                    for (var i = 0; i < span.Length; i++)
                        span[i] = char.IsAsciiLetterUpper(from[i]) ? (char)(from[i] | 0x20) : from[i];
                });
                break;
            }
        }

        // guc.c, map_old_guc_names.
        return name switch
        {
            "sort_mem" => "work_mem",
            "vacuum_mem" => "maintenance_work_mem",
            _ => name,
        };
    }
}
