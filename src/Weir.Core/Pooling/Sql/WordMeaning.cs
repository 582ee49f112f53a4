namespace Weir.Core.Pooling.Sql;

/// <summary>What a word means to the reader: a key word, a function that leaves something, or both.</summary>
internal sealed record WordMeaning
{
    /// <summary>Lower case, as a name without quotes is looked up.</summary>
    public required byte[] Name { get; init; }

    public Keyword Keyword { get; init; }

    public Residue Residue { get; init; }

    public Touch Touch { get; init; }

    /// <summary>Settings that the function is known to set.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
