namespace Weir.Core.Pooling.Addresses;

/// <summary>
/// A pgbouncer.ini, by PgBouncer's own rules: sections in brackets, <c>key = value</c> to the end of the line,
/// comments only at a line's beginning (; or #), <c>%include file</c>. Where PgBouncer would stop at a fault, this
/// names it and reads on, so that all faults are seen at once; where it would take the settings of an earlier
/// [pgbouncer] back at a second one, both hold.
/// </summary>
internal sealed class PgBouncerIni
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _databases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyDictionary<string, string>> _peers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _settings = new(StringComparer.Ordinal);

    private PgBouncerIni()
    {
    }

    /// <summary>Of [databases]: name → the key words of its connection string. "*" is the one for all others.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Databases => _databases;

    /// <summary>Of [users]: name → its settings.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Users => _users;

    /// <summary>Of [peers]: number → its address.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Peers => _peers;

    /// <summary>
    /// Of [pgbouncer], as written, also what PgBouncer does not know; of a key given twice the last. Absent keys have
    /// the defaults of <see cref="PgBouncerKeys.All"/>.
    /// </summary>
    public IReadOnlyDictionary<string, string> Settings => _settings;

    /// <param name="include">An included file's text, by its name as written; null where it cannot be read.</param>
    /// <param name="faults">Gets what is wrong, each with its line: <c>line 3: …</c>, <c>x.ini line 3: …</c>.</param>
    public static PgBouncerIni Read(string text, Func<string, string?> include, List<string> faults)
    {
        var ini = new PgBouncerIni();
        IniLines.Read(text, include, faults, ini.Take);
        return ini;
    }

    /// <summary>The value of [pgbouncer], or the default of PgBouncer; null where there is neither.</summary>
    public string? Setting(string name) =>
        _settings.TryGetValue(name, out var value) ? value : PgBouncerKeys.Find(PgBouncerKeys.All, name)?.Default;

    /// <summary>Takes one line; gives its fault, or none.</summary>
    private string? Take(string section, string key, string value) => section switch
    {
        "pgbouncer" => TakeSetting(key, value),
        "databases" when key == "pgbouncer" => "the database name \"pgbouncer\" is the console's",
        "databases" => TakeWords(_databases, PgBouncerKeys.OfDatabase, key, value),
        "users" => TakeWords(_users, PgBouncerKeys.OfUser, key, value),
        "peers" => TakePeer(key, value),
        _ => $"there is no section [{section}]: the sections are pgbouncer, databases, users and peers",
    };

    private string? TakeSetting(string key, string value)
    {
        _settings[key] = value;
        var known = PgBouncerKeys.Find(PgBouncerKeys.All, key);
        if (known is null)
            return $"unknown setting \"{key}\"";
        return known.Takes(value) ? null : $"\"{value}\" is no value for {key}{Choices(known)}";
    }

    private string? TakePeer(string key, string value)
    {
        if (!PgBouncerKey.TryReadWhole(key, out var number) || number is < 1 or > 0xFFFF)
            return "a peer's name is a number from 1 to 65535";
        return TakeWords(_peers, PgBouncerKeys.OfPeer, key, value)
            ?? (_peers[key].ContainsKey("host") ? null : $"the peer {key} has no host");
    }

    private static string? TakeWords(
        Dictionary<string, IReadOnlyDictionary<string, string>> into, IReadOnlyList<PgBouncerKey> keys, string name,
        string value)
    {
        var words = ConnectionWords.Read(value, out var fault);
        into[name] = words;
        foreach (var (key, given) in words)
        {
            var known = PgBouncerKeys.Find(keys, key);
            if (known is null)
                fault ??= $"\"{name}\" has an unknown word \"{key}\"";
            else if (!known.Takes(given))
                fault ??= $"\"{name}\" has {key}, of which \"{given}\" is no value{Choices(known)}";
        }

        return fault;
    }

    private static string Choices(PgBouncerKey key) =>
        key.Kind == PgBouncerKeyKind.Choice ? $": it is one of {string.Join(", ", key.Choices)}" : "";
}
