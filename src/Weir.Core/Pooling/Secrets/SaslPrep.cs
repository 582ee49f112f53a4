using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// Prepares a password (SASLprep, RFC 4013), so that both sides of SCRAM count from the same bytes. As with PostgreSQL
/// one that cannot be prepared is taken as it is, and what is prohibited is looked for before the text is normalised.
/// Known limit: what <see cref="CompatibilityForm"/> does not hold must be given in its normal form.
/// </summary>
internal static class SaslPrep
{
    public static string Prepare(string password)
    {
        if (Ascii.IsValid(password))
            return password;
        var mapped = new StringBuilder(password.Length);
        foreach (var rune in password.EnumerateRunes())
        {
            if (SaslPrepTables.Space.Has(rune.Value))
                mapped.Append(' ');
            else if (!SaslPrepTables.Nothing.Has(rune.Value))
                mapped.Append(rune);
        }

        // A lone surrogate has become U+FFFD, which is prohibited.
        var text = mapped.ToString();
        return text.Length > 0 && IsAllowed(text) && IsOneDirection(text) ? CompatibilityForm.Of(text) : password;
    }

    private static bool IsAllowed(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (SaslPrepTables.Prohibited.Has(rune.Value))
                return false;
        }

        return true;
    }

    /// <summary>
    /// RFC 3454 section 6: with one letter from right to left, none from left to right, and such at both ends.
    /// </summary>
    private static bool IsOneDirection(string text)
    {
        var (hasRight, hasLeft, isFirstRight, isLastRight) = (false, false, false, false);
        var isFirst = true;
        foreach (var rune in text.EnumerateRunes())
        {
            isLastRight = SaslPrepTables.RightToLeft.Has(rune.Value);
            if (isFirst)
                isFirstRight = isLastRight;
            isFirst = false;
            hasRight |= isLastRight;
            hasLeft |= SaslPrepTables.LeftToRight.Has(rune.Value);
        }

        return !hasRight || (!hasLeft && isFirstRight && isLastRight);
    }
}
