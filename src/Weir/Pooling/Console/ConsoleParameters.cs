using Weir.Core.Pooling.Messages;
using Weir.Verbs;

namespace Weir.Pooling.Console;

/// <summary>What the console says of itself at log-in, as a server does (ParameterStatus).</summary>
internal static class ConsoleParameters
{
    /// <summary>Of which PgBouncer the columns are: programs read it to know what to expect.</summary>
    private const string Compatible = "1.25.2";

    public static string Version { get; } = $"PgBouncer {Compatible} (Weir {VersionVerb.Version.Split('+')[0]})";

    private static readonly (string Name, string Value)[] s_all =
    [
        ("server_version", $"{Compatible}/bouncer"),
        ("client_encoding", "UTF8"),
        ("server_encoding", "UTF8"),
        ("DateStyle", "ISO"),
        ("TimeZone", "UTC"),
        ("IntervalStyle", "postgres"),
        ("standard_conforming_strings", "on"),
        ("integer_datetimes", "on"),
        ("is_superuser", "on"),
        ("default_transaction_isolation", "read committed"),
    ];

    public static void Write(PacketWriter into)
    {
        foreach (var (name, value) in s_all)
        {
            into.Begin(MessageKind.ParameterStatus);
            into.Text(name);
            into.Text(value);
            into.End();
        }
    }

    /// <summary>Null: the console has no such parameter.</summary>
    public static string? Find(string name) =>
        Array.Find(s_all, one => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
}
