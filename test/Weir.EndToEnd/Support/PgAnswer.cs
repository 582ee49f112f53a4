namespace Weir.EndToEnd.Support;

/// <summary>What came up to and with one ReadyForQuery.</summary>
internal sealed class PgAnswer
{
    public required IReadOnlyList<PgMessage> Messages { get; init; }

    /// <summary>The messages' letters in order, without notices, notifications and parameters.</summary>
    public string Kinds => string.Concat(Messages.Where(m => m.Kind is not ('N' or 'A' or 'S')).Select(m => m.Kind));

    public IEnumerable<string?[]> Rows => Messages.Where(m => m.Kind == 'D').Select(m => m.Cells());
    public IEnumerable<string> Tags => Messages.Where(m => m.Kind == 'C').Select(m => m.Text);

    /// <summary>SQLSTATE of the first error, or empty.</summary>
    public string Code => Messages.FirstOrDefault(m => m.Kind == 'E') is { Kind: 'E' } error ? error.Field('C') : "";

    /// <summary>SQLSTATE and text of the first error, or empty.</summary>
    public string Fault => Messages.FirstOrDefault(m => m.Kind == 'E') is { Kind: 'E' } error
        ? $"{error.Field('C')} {error.Field('M')}"
        : "";

    /// <summary>I, T or E.</summary>
    public char Status => Messages[^1].Text[0];

    /// <summary>The first cell of the first row; null for an SQL null and for no row.</summary>
    public string? Value => Rows.FirstOrDefault()?[0];

    public override string ToString() => string.Join(' ', Messages);
}
