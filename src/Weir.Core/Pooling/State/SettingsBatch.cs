namespace Weir.Core.Pooling.State;

/// <summary>
/// The settings of a batch, in an order that works: the login's own rights first, so that all may be set, and the
/// client's user and role last. SET costs the server a third of what SELECT set_config does, but not every name and
/// value can be written so.
/// </summary>
internal static class SettingsBatch
{
    // GUC_LIST_QUOTE: SET would take 'a, b' for one name.
    private static readonly string[] Lists =
    [
        "local_preload_libraries", "search_path", "session_preload_libraries", "shared_preload_libraries",
        "temp_tablespaces", "unix_socket_directories",
    ];

    public static void WriteDifference(in SqlWriter writer, SessionState has, SessionState wants)
    {
        var hadUser = has.Find(SettingName.SessionAuthorization);
        var hadRole = has.Find(SettingName.Role);
        var user = wants.Find(SettingName.SessionAuthorization);
        var role = wants.Find(SettingName.Role);
        var isUserOther = hadUser != user;
        // SET ROLE asks for the rights of the user, all else for those of the role.
        var isLogin = isUserOther || HasOthers(has, wants);
        if (isLogin && hadUser is not null)
            writer.Raw(";RESET SESSION AUTHORIZATION"u8);
        if (isLogin && hadRole is not null)
            writer.Raw(";SET ROLE NONE"u8);

        WriteOthers(writer, has, wants);
        if (isLogin && user is not null)
            Set(writer, SettingName.SessionAuthorization, user);
        if (role is null ? hadRole is not null : isLogin || hadRole != role)
            Set(writer, SettingName.Role, role);
    }

    private static bool IsOther(string name) => !SettingName.IsUser(name);

    private static bool HasOthers(SessionState has, SessionState wants) =>
        has.Settings.Any(pair => IsOther(pair.Key) && wants.Find(pair.Key) != pair.Value)
        || wants.Settings.Any(pair => IsOther(pair.Key) && has.Find(pair.Key) is null);

    private static void WriteOthers(in SqlWriter writer, SessionState has, SessionState wants)
    {
        foreach (var (name, _) in has.Settings)
        {
            if (IsOther(name) && wants.Find(name) is null)
                Set(writer, name, null);
        }

        foreach (var (name, value) in wants.Settings)
        {
            if (IsOther(name) && has.Find(name) != value)
                Set(writer, name, value);
        }
    }

    /// <param name="value">Null: back to the default.</param>
    private static void Set(in SqlWriter writer, string name, string? value)
    {
        if (IsSettable(name))
        {
            writer.Raw(value is null ? ";RESET "u8 : ";SET "u8);
            writer.SettingPath(name);
            if (value is null)
                return;
            writer.Raw(" TO "u8);
            writer.Literal(value);
            return;
        }

        writer.Raw(";SELECT pg_catalog.set_config("u8);
        writer.Literal(name);
        if (value is null)
        {
            writer.Raw(",NULL,false)"u8);
            return;
        }

        writer.Raw(","u8);
        writer.Literal(value);
        writer.Raw(",false)"u8);
    }

    private static bool IsSettable(string name)
    {
        if (Lists.AsSpan().Contains(name))
            return false;
        foreach (var part in name.AsSpan().Split('.'))
        {
            if (!SqlWriter.IsWritable(name.AsSpan()[part]))
                return false;
        }

        return true;
    }
}
