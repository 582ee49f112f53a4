using System.Text;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// Prepares a password (SASLprep, RFC 4013), so that both sides of SCRAM count from the same bytes. As with PostgreSQL
/// one that cannot be prepared is taken as it is. Known limit: NFKC is .NET's, which leaves a text as it is where the
/// program runs with InvariantGlobalization, as Weir does; so a password that NFKC changes (decomposed accents,
/// full-width letters, ligatures) must be given in its normal form.
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

        // A lone surrogate would have become U+FFFD, which is prohibited below.
        var prepared = mapped.ToString().Normalize(NormalizationForm.FormKC);
        return prepared.Length > 0 && IsAllowed(prepared) && IsOneDirection(prepared) ? prepared : password;
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
