namespace Weir.Core.Pooling.Addresses;

/// <summary>A pgbouncer.ini, by PgBouncer's own rules.</summary>
internal sealed class PgBouncerIni
{
    private PgBouncerIni()
    {
    }

    /// <summary>Of [databases]: name → the key words of its connection string.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Databases { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Of [users]: name → its settings.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Users { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Of [peers]: number → its address.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Peers { get; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>();

    /// <summary>Of [pgbouncer], as written; the last of one key holds.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>();

    /// <param name="include">The text of an included file, by its name as written; null where it cannot be read.</param>
    /// <param name="faults">Gets what is wrong, each with its line: <c>line 3: …</c>.</param>
    public static PgBouncerIni Read(string text, Func<string, string?> include, List<string> faults) => new();
}
