using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

/// <summary>The answer to one command: rows, a tag alone, or an error.</summary>
internal sealed record ConsoleReply
{
    public ConsoleTable? Table { get; private init; }

    /// <summary>Of the CommandComplete message; empty: the command was empty.</summary>
    public string Tag { get; private init; } = "";

    public PgError? Error { get; private init; }

    /// <summary>Told ahead of the rest; null: nothing.</summary>
    public string? Notice { get; private init; }

    public static ConsoleReply Empty { get; } = new();

    public static ConsoleReply Rows(ConsoleTable table) => new() { Table = table, Tag = "SHOW" };

    public static ConsoleReply Done(string tag, string? notice = null) => new() { Tag = tag, Notice = notice };

    public static ConsoleReply Wrong(string code, string why) => new() { Error = PgError.Error(code, why) };
}
