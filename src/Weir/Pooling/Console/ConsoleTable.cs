using System.Globalization;

namespace Weir.Pooling.Console;

/// <summary>What a SHOW answers: columns, and rows of text as PostgreSQL writes it. Null is NULL.</summary>
internal sealed class ConsoleTable(params (string Name, ConsoleType Type)[] columns)
{
    private readonly List<string?[]> _rows = [];

    public IReadOnlyList<(string Name, ConsoleType Type)> Columns { get; } = columns;

    public IReadOnlyList<string?[]> Rows => _rows;

    /// <summary>One row. What is wider than an int4 column is cut to the most that it holds.</summary>
    public void Add(params ReadOnlySpan<object?> values)
    {
        if (values.Length != Columns.Count)
            throw new ArgumentException($"{values.Length} values for {Columns.Count} columns", nameof(values));
        var row = new string?[values.Length];
        for (var index = 0; index < row.Length; index++)
            row[index] = Write(values[index], Columns[index].Type);
        _rows.Add(row);
    }

    /// <summary>Columns of text all of them.</summary>
    public static ConsoleTable OfText(params string[] names) =>
        new([.. names.Select(name => (name, ConsoleType.Text))]);

    private static string? Write(object? value, ConsoleType type) => value switch
    {
        null => null,
        bool isSo => isSo ? "1" : "0",
        long number when type == ConsoleType.Int4 =>
            Math.Clamp(number, int.MinValue, int.MaxValue).ToString(CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString(),
    };
}
