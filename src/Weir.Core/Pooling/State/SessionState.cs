namespace Weir.Core.Pooling.State;

/// <summary>
/// What a client has set for its session, or what a server connection has: settings and PREPAREd statements, each by
/// name. Immutable and compared by value. Texts hold one byte of the server's encoding in each char (Latin-1).
/// </summary>
public sealed class SessionState : IEquatable<SessionState>
{
    private static readonly KeyValuePair<string, string>[] None = [];

    private readonly KeyValuePair<string, string>[] _settings;
    private readonly KeyValuePair<string, string>[] _statements;
    private readonly int _hash;

    private SessionState(KeyValuePair<string, string>[] settings, KeyValuePair<string, string>[] statements)
    {
        _settings = settings;
        _statements = statements;
        var hash = new HashCode();
        foreach (var (name, value) in settings)
        {
            hash.Add(name);
            hash.Add(value);
        }

        foreach (var (name, text) in statements)
        {
            hash.Add(name);
            hash.Add(text);
        }

        _hash = hash.ToHashCode();
    }

    public static SessionState Empty { get; } = new(None, None);

    /// <summary>Name to value, in the order of the names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings => _settings;

    /// <summary>Name to the text of its PREPARE, in the order of the names.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Statements => _statements;

    public bool IsEmpty => _settings.Length + _statements.Length == 0;

    /// <summary>The value of a setting; null where it is not set.</summary>
    public string? Find(string name) => Find(_settings, SettingName.Canonical(name));

    /// <summary>The text of a PREPARE; null where there is none.</summary>
    public string? FindStatement(string name) => Find(_statements, name);

    /// <exception cref="ArgumentException">A char beyond U+00FF, or a zero, which no server can be sent.</exception>
    public SessionState With(string name, string value)
    {
        Check(name);
        Check(value);
        var settings = With(_settings, SettingName.Canonical(name), value);
        return ReferenceEquals(settings, _settings) ? this : new(settings, _statements);
    }

    public SessionState Without(string name)
    {
        var settings = Without(_settings, SettingName.Canonical(name));
        return ReferenceEquals(settings, _settings) ? this : new(settings, _statements);
    }

    /// <summary>The same settings with exactly these statements.</summary>
    public SessionState WithStatements(IEnumerable<KeyValuePair<string, string>> statements)
    {
        var all = statements.ToArray();
        Array.Sort(all, static (left, right) => string.CompareOrdinal(left.Key, right.Key));
        return AreSame(all, _statements) ? this : new(_settings, all);
    }

    /// <summary>The same statements with the settings of another state.</summary>
    public SessionState WithSettingsOf(SessionState other) =>
        ReferenceEquals(_settings, other._settings) ? this : new(other._settings, _statements);

    public bool Equals(SessionState? other) =>
        ReferenceEquals(this, other)
        || (other is not null && _hash == other._hash
            && AreSame(_settings, other._settings) && AreSame(_statements, other._statements));

    public override bool Equals(object? obj) => Equals(obj as SessionState);

    public override int GetHashCode() => _hash;

    /// <summary>(A pair's own Equals goes by reflection: half a microsecond each.)</summary>
    private static bool AreSame(KeyValuePair<string, string>[] pairs, KeyValuePair<string, string>[] others)
    {
        if (pairs.Length != others.Length)
            return false;
        for (var index = 0; index < pairs.Length; index++)
        {
            if (pairs[index].Key != others[index].Key || pairs[index].Value != others[index].Value)
                return false;
        }

        return true;
    }

    private static string? Find(KeyValuePair<string, string>[] pairs, string name)
    {
        var at = Place(pairs, name);
        return at < pairs.Length && pairs[at].Key == name ? pairs[at].Value : null;
    }

    private static KeyValuePair<string, string>[] With(KeyValuePair<string, string>[] pairs, string name, string value)
    {
        var at = Place(pairs, name);
        if (at < pairs.Length && pairs[at].Key == name)
        {
            if (pairs[at].Value == value)
                return pairs;
            var changed = pairs.ToArray();
            changed[at] = new(name, value);
            return changed;
        }

        var grown = new KeyValuePair<string, string>[pairs.Length + 1];
        pairs.AsSpan(0, at).CopyTo(grown);
        grown[at] = new(name, value);
        pairs.AsSpan(at).CopyTo(grown.AsSpan(at + 1));
        return grown;
    }

    private static KeyValuePair<string, string>[] Without(KeyValuePair<string, string>[] pairs, string name)
    {
        var at = Place(pairs, name);
        if (at == pairs.Length || pairs[at].Key != name)
            return pairs;
        if (pairs.Length == 1)
            return None;
        var left = new KeyValuePair<string, string>[pairs.Length - 1];
        pairs.AsSpan(0, at).CopyTo(left);
        pairs.AsSpan(at + 1).CopyTo(left.AsSpan(at));
        return left;
    }

    /// <summary>Where the name is, or would stand.</summary>
    private static int Place(KeyValuePair<string, string>[] pairs, string name)
    {
        var at = 0;
        while (at < pairs.Length && string.CompareOrdinal(pairs[at].Key, name) < 0)
            at++;
        return at;
    }

    private static void Check(string text)
    {
        foreach (var c in text)
        {
            if (c is '\0' or > '\u00ff')
                throw new ArgumentException("A char of a session's state is one byte of the server's encoding.");
        }
    }
}
