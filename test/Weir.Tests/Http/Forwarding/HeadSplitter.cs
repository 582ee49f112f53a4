using System.Text;
using Weir.Core.Http;

namespace Weir.Tests.Http.Forwarding;

/// <summary>
/// Makes heads out of text by splitting at CRLF, with no checks: the writers are tested apart from the gate.
/// </summary>
internal static class HeadSplitter
{
    // What the names of the enum do not tell: families, and names whose hyphens are not where the capitals are.
    private static readonly (string Prefix, KnownField Known)[] Families =
    [
        ("x-forwarded-", KnownField.XForwardedOther), ("x-accel-", KnownField.XAccel), ("weir-", KnownField.Weir),
        ("x-weir-route", KnownField.WeirRoute), ("x-weir-", KnownField.Weir),
    ];

    public static RequestHead Request(string text)
    {
        var bytes = Encoding.Latin1.GetBytes("??" + text);
        var head = new RequestHead();
        head.Reset(bytes, 2);
        head.Length = text.Length;
        var line = text[..text.IndexOf("\r\n", StringComparison.Ordinal)].Split(' ');
        head.MethodLength = line[0].Length;
        head.Verb = Enum.TryParse<HttpVerb>(line[0], true, out var verb) ? verb : HttpVerb.Other;
        head.TargetStart = head.PathStart = line[0].Length + 1;
        head.TargetLength = head.PathLength = line[1].Length;
        head.IsHttp10 = line[2] == "HTTP/1.0";
        Split(text, head.Fields);
        var host = head.Fields.IndexOf(KnownField.Host);
        if (host >= 0)
            (head.HostStart, head.HostLength) = (head.Fields[host].ValueStart, head.Fields[host].ValueLength);
        var scheme = line[1].IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
            return head;
        var authority = line[1][(scheme + 3)..];
        var slash = authority.IndexOfAny(['/', '?']);
        head.HostStart = head.TargetStart + scheme + 3;
        head.HostLength = slash < 0 ? authority.Length : slash;
        head.PathStart = head.HostStart + head.HostLength;
        head.PathLength = head.TargetStart + head.TargetLength - head.PathStart;
        return head;
    }

    public static ResponseHead Response(string text)
    {
        var bytes = Encoding.Latin1.GetBytes("??" + text);
        var head = new ResponseHead();
        head.Reset(bytes, 2);
        head.Length = text.Length;
        head.Status = int.Parse(text.AsSpan(9, 3), System.Globalization.CultureInfo.InvariantCulture);
        head.ReasonStart = 13;
        head.ReasonLength = text.IndexOf("\r\n", StringComparison.Ordinal) - 13;
        Split(text, head.Fields);
        var length = head.Fields.IndexOf(KnownField.ContentLength);
        if (length >= 0)
        {
            var value = Encoding.Latin1.GetString(head.ValueOf(head.Fields[length]));
            head.ContentLength = long.Parse(value, System.Globalization.CultureInfo.InvariantCulture);
            head.Framing = BodyFraming.Length;
        }
        else
        {
            head.Framing = head.Fields.IndexOf(KnownField.TransferEncoding) >= 0
                ? BodyFraming.Chunked
                : BodyFraming.UntilClose;
        }

        return head;
    }

    private static void Split(string text, HeadFields fields)
    {
        var at = text.IndexOf("\r\n", StringComparison.Ordinal) + 2;
        while (text[at] != '\r')
        {
            var colon = text.IndexOf(':', at);
            var end = text.IndexOf("\r\n", at, StringComparison.Ordinal);
            var name = text[at..colon].TrimEnd();
            var start = colon + 1;
            while (start < end && text[start] is ' ' or '\t')
                start++;
            var value = text[start..end].TrimEnd(' ', '\t');
            fields.Add(new Field(at, name.Length, start, value.Length, KnownOf(name)));
            at = end + 2;
        }
    }

    private static KnownField KnownOf(string name)
    {
        if (name.Contains('_', StringComparison.Ordinal))
            return KnownField.Underscore;
        if (Enum.TryParse<KnownField>(name.Replace("-", "", StringComparison.Ordinal), true, out var known)
            && Enum.IsDefined(known) && known is not (KnownField.Other or KnownField.Underscore))
            return known;
        foreach (var (prefix, family) in Families)
        {
            if (name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
                return family;
        }

        return KnownField.Other;
    }
}
