namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Bounds of Heroku's router on an app's head, so that an app that works behind one works behind the other.
/// </summary>
internal static class ResponseRestrictions
{
    /// <summary>Status line, in bytes without CRLF. Heroku's.</summary>
    public const int StatusLineBytesMax = 8192;

    /// <summary>One Set-Cookie line. Heroku's; browsers stop at about 4 KiB.</summary>
    public const int CookieLineBytesMax = 8192;

    /// <summary>
    /// Any line. Heroku's; Weir's bound on the whole head (<see cref="GateLimits.ResponseHeadBytesMax"/>) is usually
    /// reached first.
    /// </summary>
    public const int LineBytesMax = 512 * 1024;

    public static ResponseRestriction Find(ResponseHead head)
    {
        if (head.ReasonStart + head.ReasonLength > StatusLineBytesMax)
            return ResponseRestriction.OversizedStatusLine;
        // A head no longer than the shortest bound has no line that is longer.
        if (head.Length <= CookieLineBytesMax)
            return ResponseRestriction.None;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            var length = field.ValueStart + field.ValueLength - field.NameStart;
            if (length > LineBytesMax)
                return ResponseRestriction.OversizedHeader;
            if (field.Known == KnownField.SetCookie && length > CookieLineBytesMax)
                return ResponseRestriction.OversizedCookie;
        }

        return ResponseRestriction.None;
    }
}
