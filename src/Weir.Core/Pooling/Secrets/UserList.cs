namespace Weir.Core.Pooling.Secrets;

/// <summary>The users of a PgBouncer auth_file: <c>"user" "secret"</c>, one a line.</summary>
internal sealed class UserList
{
    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    public int Count => _secrets.Count;

    public IEnumerable<string> Users => _secrets.Keys;

    /// <param name="faults">Gets what is wrong, each with its line: <c>line 3: …</c>.</param>
    public static UserList Read(string text, List<string> faults)
    {
        var list = new UserList();
        return list;
    }

    /// <param name="secret">A password, or the stored form of MD5 or SCRAM.</param>
    public bool TryGet(string user, out string secret)
    {
        var isThere = _secrets.TryGetValue(user, out var found);
        secret = found ?? "";
        return isThere;
    }
}
