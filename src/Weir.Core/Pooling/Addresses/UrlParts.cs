namespace Weir.Core.Pooling.Addresses;

/// <summary>What stands behind a URL's scheme, taken apart but not decoded.</summary>
/// <param name="Password">Null where there is no colon behind the user.</param>
/// <param name="Database">Without the slash before it; null where there is no slash.</param>
internal sealed record UrlParts(string User, string? Password, string Hosts, string? Database, string Query)
{
    /// <summary>
    /// True where the password may have an unencoded sign that ends the authority early: what looks like a port or a
    /// database would then be a piece of it, and drivers would not agree where to connect.
    /// </summary>
    public bool IsCutInSecret { get; private init; }

    /// <summary>True where there is an @, be it with nothing before it.</summary>
    public bool IsUserGiven { get; private init; }

    public static UrlParts Split(string text)
    {
        var question = text.IndexOf('?', StringComparison.Ordinal);
        var query = question < 0 ? "" : text[(question + 1)..];
        if (question >= 0)
            text = text[..question];
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var database = slash < 0 ? null : text[(slash + 1)..];
        var authority = slash < 0 ? text : text[..slash];
        var at = authority.LastIndexOf('@');
        var credentials = at < 0 ? "" : authority[..at];
        var colon = credentials.IndexOf(':', StringComparison.Ordinal);
        var (user, password) = colon < 0 ? (credentials, null) : (credentials[..colon], credentials[(colon + 1)..]);
        return new UrlParts(user, password, authority[(at + 1)..], database, query)
        {
            IsUserGiven = at >= 0,
            IsCutInSecret = at < 0 && authority.Length > 0
                && (database ?? query).Contains('@', StringComparison.Ordinal),
        };
    }
}
