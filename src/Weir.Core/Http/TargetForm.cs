namespace Weir.Core.Http;

/// <summary>
/// Tells the forms of a request target apart (RFC 9112 section 3.2) and finds path and authority in it.
/// </summary>
internal static class TargetForm
{
    public static ParseResult Read(ReadOnlySpan<byte> data, RequestHead head, out GateRule fault)
    {
        fault = GateRule.None;
        var target = data.Slice(head.TargetStart, head.TargetLength);
        head.PathStart = head.TargetStart;
        head.PathLength = head.TargetLength;
        if (target[0] == '/')
            return ParseResult.Complete;

        if (target is [(byte)'*'])
        {
            if (head.Verb == HttpVerb.Options)
                return ParseResult.Complete;
            fault = GateRule.TargetAsterisk;
            return ParseResult.Refused;
        }

        if (ReadAbsolute(target, head))
            return ParseResult.Complete;
        fault = GateRule.TargetInvalid;
        return ParseResult.Refused;
    }

    /// <summary>
    /// scheme "://" authority path. The authority is left in the head's Host range, to be checked against the Host
    /// field.
    /// </summary>
    private static bool ReadAbsolute(ReadOnlySpan<byte> target, RequestHead head)
    {
        var colon = target.IndexOf((byte)':');
        if (colon < 0 || !(Tokens.Equal(target[..colon], "http"u8) || Tokens.Equal(target[..colon], "https"u8)))
            return false;
        if (!target[(colon + 1)..].StartsWith("//"u8))
            return false;

        var authority = colon + 3;
        var rest = target[authority..];
        var length = rest.IndexOfAny((byte)'/', (byte)'?');
        if (length < 0)
        {
            // No path means "/" (RFC 9112 section 3.2.1): the second slash before the authority serves for one.
            length = rest.Length;
            head.PathStart = head.TargetStart + colon + 2;
            head.PathLength = 1;
        }
        else if (rest[length] == '?')
        {
            // A query on an empty path would need a slash that the bytes do not have; no client is known to send it.
            return false;
        }
        else
        {
            head.PathStart = head.TargetStart + authority + length;
            head.PathLength = rest.Length - length;
        }

        head.HostStart = head.TargetStart + authority;
        head.HostLength = length;
        return length > 0;
    }
}
