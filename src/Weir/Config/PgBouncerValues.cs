using Weir.Core.Pooling.Addresses;
using Weir.Pooling;

namespace Weir.Config;

/// <summary>
/// Values of a pgbouncer.ini, taken one by one. One that is not in its notation is left out; the ini's reader told it.
/// </summary>
/// <param name="prefix">Before a key in a fault: "shop." for an entry.</param>
internal sealed class PgBouncerValues(
    IReadOnlyDictionary<string, string> values, string prefix, string where, List<SettingFault> faults)
{
    /// <summary>Stands for "no bound" where there has to be one.</summary>
    public static readonly TimeSpan Ever = TimeSpan.FromDays(30);

    private readonly HashSet<string> _taken = [];

    /// <summary>Keys that nobody asked for.</summary>
    public IEnumerable<KeyValuePair<string, string>> Left => values.Where(pair => !_taken.Contains(pair.Key));

    public string? Text(string key)
    {
        _taken.Add(key);
        return values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
    }

    /// <summary>A whole number; null where none is given.</summary>
    public int? Count(string key, int max = PoolOptions.SizeMax)
    {
        if (Text(key) is not { } text || !PgBouncerKey.TryReadWhole(text, out var count))
            return null;
        return (int)Math.Clamp(count, 0, max);
    }

    /// <summary>Seconds, with a fraction or without.</summary>
    /// <param name="zero">What 0 means.</param>
    public TimeSpan? Time(string key, TimeSpan zero = default)
    {
        if (Text(key) is not { } text || !PgBouncerKey.TryReadSeconds(text, out var seconds))
            return null;
        return seconds == 0 ? zero : TimeSpan.FromSeconds(Math.Min(seconds, Ever.TotalSeconds));
    }

    /// <summary>One of some words.</summary>
    public T? Word<T>(string key, IReadOnlyDictionary<string, T> words)
        where T : struct
        => Text(key) is { } text && words.TryGetValue(text.ToLowerInvariant(), out var word) ? word : null;

    /// <summary>Texts between commas.</summary>
    public IReadOnlyList<string>? List(string key) =>
        Text(key)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    public PoolMode? Mode() => Word("pool_mode", Modes);

    public PgSslMode? Tls(string key) => Word(key, TlsModes);

    public void Fault(string key, string problem) =>
        faults.Add(new SettingFault(prefix + key, where, problem));

    public void Warn(string key, string problem) =>
        faults.Add(new SettingFault(prefix + key, where, problem, IsWarning: true));

    private static readonly Dictionary<string, PoolMode> Modes = new()
    {
        ["session"] = PoolMode.Session,
        ["transaction"] = PoolMode.Transaction,
        ["statement"] = PoolMode.Statement,
    };

    private static readonly Dictionary<string, PgSslMode> TlsModes = new()
    {
        ["disable"] = PgSslMode.Disable,
        ["allow"] = PgSslMode.Allow,
        ["prefer"] = PgSslMode.Prefer,
        ["require"] = PgSslMode.Require,
        ["verify-ca"] = PgSslMode.VerifyCa,
        ["verify-full"] = PgSslMode.VerifyFull,
    };
}
