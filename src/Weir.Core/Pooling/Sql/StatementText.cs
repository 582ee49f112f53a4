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
    /// (a line's end, where that has a meaning); hints of pg_hint_plan (<c>/*+ … */</c>) stay; blanks at the ends and
    /// semicolons at the end are dropped. A text that cannot be read for sure is copied as it is.
    /// </summary>
    /// <param name="into">At least as long as the text.</param>
    /// <param name="comment">
    /// The place in the text of the last comment, or of the first where the text begins with one, without its marks and
    /// blanks at the ends; empty where there is none. Hints do not count.
    /// </param>
    public static int Strip(ReadOnlySpan<byte> text, Span<byte> into, out Range comment)
    {
        var strip = new CommentStrip(text, into, backslashEscapes: false);
        var length = strip.Run();
        comment = strip.Comment;
        var isSure = !strip.IsUnsure;
        if (isSure && strip.HasBackslash)
        {
            // With standard_conforming_strings off the literals may end elsewhere: only where it makes no difference.
            var other = new CommentStrip(text, default, backslashEscapes: true);
            other.Run();
            isSure = !other.IsUnsure && other.Comments == strip.Comments;
        }

        if (isSure)
            return length;
        text.CopyTo(into);
        comment = default;
        return text.Length;
    }
}
