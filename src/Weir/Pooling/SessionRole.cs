namespace Weir.Pooling;

/// <summary>What a server is at the moment: as PostgreSQL 14 and newer report it at log-in, or as it was asked.</summary>
internal readonly record struct SessionRole(bool IsStandby, bool IsReadOnly)
{
    /// <summary>Null: it reports neither, and has to be asked.</summary>
    public static SessionRole? Of(ServerFacts facts)
    {
        var standby = facts.Parameters.Get("in_hot_standby");
        var readOnly = facts.Parameters.Get("default_transaction_read_only");
        return standby is null || readOnly is null ? null : new SessionRole(standby == "on", readOnly == "on");
    }

    /// <summary>The attributes as a URL names them; what is not known is taken as any.</summary>
    public static SessionAttributes Read(string? text) => text switch
    {
        "read-write" => SessionAttributes.ReadWrite,
        "read-only" => SessionAttributes.ReadOnly,
        "primary" => SessionAttributes.Primary,
        "standby" => SessionAttributes.Standby,
        "prefer-standby" => SessionAttributes.PreferStandby,
        _ => SessionAttributes.Any,
    };

    /// <summary>Why it will not do, in libpq's words; null: it will.</summary>
    public string? Against(SessionAttributes wanted) => wanted switch
    {
        SessionAttributes.ReadWrite when IsStandby || IsReadOnly => "session is read-only",
        SessionAttributes.ReadOnly when !IsStandby && !IsReadOnly => "session is not read-only",
        SessionAttributes.Primary when IsStandby => "server is in hot standby mode",
        SessionAttributes.Standby or SessionAttributes.PreferStandby when !IsStandby =>
            "server is not in hot standby mode",
        _ => null,
    };
}
