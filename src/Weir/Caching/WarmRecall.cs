using System.Globalization;
using System.Text;
using Weir.Core.Caching;
using Weir.Core.Http;

namespace Weir.Caching;

/// <summary>
/// A request for which a stored answer stands, made of the answer's key and of what it varies by. What it asks for is
/// proved by its own key, which must be the answer's: so what is kept warm cannot be anything else. No client's
/// credential is ever used again: those are not part of a key, and an answer that varies by one is not recalled.
/// </summary>
internal static class WarmRecall
{
    private const string Plain = "http ";
    private const string Tls = "https ";

    /// <param name="fields">The operator's lines; they stand in the place of what the key says of the same.</param>
    /// <returns>The scheme, a space and the head; null where none can be made.</returns>
    public static string? Of(StoredAnswer answer, CachePolicy policy, string fields)
    {
        var head = new StringBuilder();
        var parts = answer.Parts;
        head.Append("GET ").Append(Text(parts.Path(answer.Key))).Append(" HTTP/1.1\r\nHost: ")
            .Append(Text(parts.Host(answer.Key))).Append("\r\n");
        var said = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "host", "authorization" };
        PutKeyed(head, said, Text(answer.Key.AsSpan(parts.PathStart + parts.PathLength)), policy, fields);
        if (!PutVaried(head, said, answer, fields))
            return null;
        head.Append(fields).Append("\r\n");
        var text = head.ToString();
        return !IsFor(answer, text, policy) ? null : (IsTls(answer) ? Tls : Plain) + text;
    }

    /// <summary>What <see cref="Of"/> wrote, ready to be sent.</summary>
    public static WarmRequest? Request(string recalled, CachePolicy policy)
    {
        var isTls = recalled.StartsWith(Tls, StringComparison.Ordinal);
        var head = recalled[(isTls ? Tls : Plain).Length..];
        var target = head.Split(' ')[1];
        var host = head.Split("\r\n")[1]["Host: ".Length..];
        return WarmRequest.Of(host, target, Encoding.Latin1.GetBytes(head), isTls, policy);
    }

    private static bool IsTls(StoredAnswer answer) => answer.Key.AsSpan().StartsWith("https:"u8);

    private static void PutKeyed(
        StringBuilder head, HashSet<string> said, string rest, CachePolicy policy, string fields)
    {
        var parts = rest.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        var index = 0;
        for (var header = 0; header < policy.KeyHeaders.Count && index < parts.Length; header++, index++)
        {
            var name = Text(policy.KeyHeaders[header]);
            Put(head, said, name, parts[index][name.Length..], fields);
        }

        var cookies = new List<string>();
        for (var cookie = 0; cookie < policy.KeyCookies.Count && index < parts.Length; cookie++, index++)
        {
            var name = Text(policy.KeyCookies[cookie]);
            var value = parts[index]["cookie=".Length..][name.Length..];
            if (value.StartsWith((char)KeyOutput.Present))
                cookies.Add($"{name}={value[1..]}");
        }

        if (cookies.Count > 0)
            Put(head, said, "cookie", (char)KeyOutput.Present + string.Join("; ", cookies), fields);
    }

    /// <summary>False: it varies by whom it is for.</summary>
    private static bool PutVaried(StringBuilder head, HashSet<string> said, StoredAnswer answer, string fields)
    {
        var values = Text(answer.VaryValues).Split('\0');
        var index = 0;
        foreach (var name in Text(answer.VaryNames).Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (index >= values.Length)
                return false;
            var value = values[index++];
            if (name is "authorization" or "cookie")
            {
                if (name == "authorization" || !said.Contains(name) && value is not ['\u0001'])
                    return false;
                continue;
            }

            Put(head, said, name, value, fields);
        }

        return true;
    }

    private static void Put(StringBuilder head, HashSet<string> said, string name, string value, string fields)
    {
        var isThere = value.Length > 1 && value[0] == KeyOutput.Present;
        if (!said.Add(name) || !isThere || WarmFields.Has(fields, name))
            return;
        var text = name == "accept-language" ? Wishes(value[1..]) : value[1..];
        head.Append(name).Append(": ").Append(text).Append("\r\n");
    }

    /// <summary>Languages as a key has them ("de,en;800"), as a field has them ("de,en;q=0.8").</summary>
    private static string Wishes(string value) => string.Join(',', value.Split(',').Select(wish =>
        wish.Split(';') is [var language, var weight]
        && int.TryParse(weight, NumberStyles.None, CultureInfo.InvariantCulture, out var quality)
            ? string.Create(CultureInfo.InvariantCulture, $"{language};q={quality / 1000.0:0.###}")
            : wish));

    /// <summary>The request leads to this answer, and to no other.</summary>
    private static bool IsFor(StoredAnswer answer, string text, CachePolicy policy)
    {
        var bytes = Encoding.Latin1.GetBytes(text);
        var head = new RequestHead();
        if (RequestParser.Parse(bytes, 0, bytes.Length, GateLimits.Default, head, out _) != ParseResult.Complete)
            return false;
        Span<byte> space = new byte[CacheKeyWriter.BytesMax];
        if (CacheKeyWriter.Write(head, IsTls(answer), policy, space, out var key,
                SearchVariance.Read(answer.Head)) != CacheReason.None
            || !space[..key.Length].SequenceEqual(answer.Key))
            return false;
        var count = VaryValues.Write(head, answer.VaryNames, policy, space);
        return count >= 0 && space[..count].SequenceEqual(answer.VaryValues);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.Latin1.GetString(bytes);
}
