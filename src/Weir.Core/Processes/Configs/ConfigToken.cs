namespace Weir.Core.Processes.Configs;

/// <summary>A word of a configuration's language.</summary>
/// <param name="Text">A name, an operator, or what a text or a symbol says.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 0: what Python's blocks are told by.</param>
/// <param name="IsSpaced">Blanks stand before it: `workers (2)` and `a ? b` need it.</param>
internal readonly record struct ConfigToken(TokenKind Kind, string Text, int Line, int Column, bool IsSpaced)
{
    public bool Is(string text) => Kind is TokenKind.Operator or TokenKind.Name && Text == text;
}

/// <summary>The kinds of <see cref="ConfigToken"/>.</summary>
internal enum TokenKind
{
    End,
    Name,
    Number,
    Text,
    Symbol,
    Operator,

    /// <summary>A text with something filled in, or a letter of no language: its value is not known.</summary>
    Strange,
}
