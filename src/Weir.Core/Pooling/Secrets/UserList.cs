using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// The users of a PgBouncer auth_file: <c>"user" "secret"</c>, one a line, a quote within quotes doubled, the rest of
/// the line for nobody, and comments behind a semicolon. Where PgBouncer stops at a broken line, this names it and
/// reads on.
/// </summary>
internal sealed class UserList
{
    /// <summary>PgBouncer's MAX_USERNAME and MAX_PASSWORD, each with its NUL.</summary>
    public const int UserBytesMax = 127;
    public const int SecretBytesMax = 2047;

    private readonly Dictionary<string, string> _secrets = new(StringComparer.Ordinal);

    private UserList()
    {
    }

    public int Count => _secrets.Count;

    public IEnumerable<string> Users => _secrets.Keys;

    /// <param name="faults">Gets what is wrong, each with its line (<c>line 3: …</c>), and never a secret.</param>
    public static UserList Read(string text, List<string> faults)
    {
        var list = new UserList();
        var number = 0;
        foreach (var line in text.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            if (list.TakeLine(line.AsSpan().Trim()) is { } fault)
                faults.Add($"line {number}: {fault}");
        }

        return list;
    }

    /// <param name="secret">A password, or the stored form of MD5 or SCRAM; empty: no login with a password.</param>
    public bool TryGet(string user, out string secret)
    {
        var isThere = _secrets.TryGetValue(user, out var found);
        secret = found ?? "";
        return isThere;
    }

    private string? TakeLine(ReadOnlySpan<char> rest)
    {
        if (rest.IsEmpty || rest[0] == ';')
            return null;
        if (TakeQuoted(ref rest) is not { } user)
            return "does not begin with a user in double quotes: write it like \"user\" \"secret\"";
        rest = rest.TrimStart();
        if (TakeQuoted(ref rest) is not { } secret)
            return "has no secret in double quotes behind the user: write it like \"user\" \"secret\"";
        if (user.Length == 0)
            return "has an empty user";
        if (user.Contains('\0', StringComparison.Ordinal) || secret.Contains('\0', StringComparison.Ordinal))
            return "has a NUL character";
        if (Encoding.UTF8.GetByteCount(user) > UserBytesMax || Encoding.UTF8.GetByteCount(secret) > SecretBytesMax)
            return $"has a user of more than {UserBytesMax} bytes, or a secret of more than {SecretBytesMax}";
        _secrets[user] = secret;
        return null;
    }

    private static string? TakeQuoted(ref ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("\""))
            return null;
        var text = new StringBuilder();
        for (var at = 1; at < rest.Length; at++)
        {
            if (rest[at] == '"' && (at + 1 == rest.Length || rest[at + 1] != '"'))
            {
                rest = rest[(at + 1)..];
                return text.ToString();
            }

            if (rest[at] == '"')
                at++;
            text.Append(rest[at]);
        }

        return null;
    }
}
