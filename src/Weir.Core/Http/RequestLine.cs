using System.Buffers.Binary;

namespace Weir.Core.Http;

/// <summary>Reads the request line: method, one space, target, one space, version, CRLF (RFC 9112 section 3).</summary>
internal static class RequestLine
{
    private const byte TlsHandshakeRecord = 0x16;
    private const int VersionLength = 8;

    private static readonly ulong Http11 = BinaryPrimitives.ReadUInt64LittleEndian("HTTP/1.1"u8);

    public static ParseResult Read(
        ReadOnlySpan<byte> data, GateLimits limits, RequestHead head, ref int at, out GateRule fault)
    {
        var result = SkipEmptyLine(data, ref at, out fault);
        if (result != ParseResult.Complete)
            return result;

        var line = data[at..];
        result = ReadMethod(line, limits, head, out var methodLength, out fault);
        if (result != ParseResult.Complete)
            return result;

        var targetStart = methodLength + 1;
        result = ReadTarget(line, targetStart, limits, head, out var targetEnd, out fault);
        if (result != ParseResult.Complete)
            return result;

        var versionStart = targetEnd + 1;
        result = ReadVersion(line[versionStart..], head, out fault);
        if (result != ParseResult.Complete)
            return result;

        var length = versionStart + VersionLength;
        if (length > limits.LineBytesMax && !Passes(GateRule.RequestLineTooLong, limits, head, out fault))
            return ParseResult.Refused;
        head.MethodStart = at;
        head.MethodLength = methodLength;
        head.TargetStart = at + targetStart;
        head.TargetLength = targetEnd - targetStart;
        at += length + 2;
        return TargetForm.Read(data, head, out fault);
    }

    /// <summary>One empty line may stand before a request (RFC 9112 section 2.2).</summary>
    private static ParseResult SkipEmptyLine(ReadOnlySpan<byte> data, ref int at, out GateRule fault)
    {
        fault = GateRule.None;
        if (data.IsEmpty)
            return ParseResult.Incomplete;
        if (data[0] == '\r')
        {
            if (data.Length == 1)
                return ParseResult.Incomplete;
            if (data[1] != '\n')
            {
                fault = GateRule.BareCarriageReturn;
                return ParseResult.Refused;
            }

            at = 2;
        }

        return ParseResult.Complete;
    }

    private static ParseResult ReadMethod(
        ReadOnlySpan<byte> line, GateLimits limits, RequestHead head, out int length, out GateRule fault)
    {
        fault = GateRule.None;
        if (line.StartsWith("GET "u8))
        {
            head.Verb = HttpVerb.Get;
            length = 3;
            return ParseResult.Complete;
        }

        length = line.IndexOfAnyExcept(ByteSets.Token);
        if (length < 0)
        {
            return line.Length <= limits.LineBytesMax || Passes(GateRule.RequestLineTooLong, limits, head, out fault)
                ? ParseResult.Incomplete
                : ParseResult.Refused;
        }

        if (length == 0 || line[length] != ' ')
        {
            fault = FaultOfMethod(line, length);
            return ParseResult.Refused;
        }

        head.Verb = VerbOf(line[..length]);
        if (head.Verb == HttpVerb.Connect)
        {
            fault = GateRule.MethodConnect;
            return ParseResult.Refused;
        }

        return head.Verb != HttpVerb.Trace || Passes(GateRule.MethodTrace, limits, head, out fault)
            ? ParseResult.Complete
            : ParseResult.Refused;
    }

    private static GateRule FaultOfMethod(ReadOnlySpan<byte> line, int odd) => line[odd] switch
    {
        TlsHandshakeRecord when odd == 0 => GateRule.TlsHandshake,
        0 => GateRule.NulByte,
        (byte)'\n' => GateRule.BareLineFeed,
        _ => GateRule.MethodInvalid,
    };

    /// <summary>Methods are compared as they are written: case matters (RFC 9110 section 9.1).</summary>
    private static HttpVerb VerbOf(ReadOnlySpan<byte> method) => method switch
    {
        _ when method.SequenceEqual("GET"u8) => HttpVerb.Get,
        _ when method.SequenceEqual("POST"u8) => HttpVerb.Post,
        _ when method.SequenceEqual("HEAD"u8) => HttpVerb.Head,
        _ when method.SequenceEqual("PUT"u8) => HttpVerb.Put,
        _ when method.SequenceEqual("PATCH"u8) => HttpVerb.Patch,
        _ when method.SequenceEqual("DELETE"u8) => HttpVerb.Delete,
        _ when method.SequenceEqual("OPTIONS"u8) => HttpVerb.Options,
        _ when method.SequenceEqual("TRACE"u8) => HttpVerb.Trace,
        _ when method.SequenceEqual("CONNECT"u8) => HttpVerb.Connect,
        _ => HttpVerb.Other,
    };

    private static ParseResult ReadTarget(
        ReadOnlySpan<byte> line, int start, GateLimits limits, RequestHead head, out int end, out GateRule fault)
    {
        fault = GateRule.None;
        end = start;
        while (true)
        {
            var stop = line[end..].IndexOfAnyExcept(ByteSets.Target);
            if (stop < 0)
            {
                return line.Length <= limits.LineBytesMax
                    || Passes(GateRule.RequestLineTooLong, limits, head, out fault)
                    ? ParseResult.Incomplete
                    : ParseResult.Refused;
            }

            end += stop;
            var odd = line[end];
            if (odd == ' ' && end > start)
                return ParseResult.Complete;
            fault = odd switch
            {
                (byte)' ' or (byte)'\t' => GateRule.TargetSpace,
                (byte)'#' => GateRule.TargetFragment,
                >= 0x80 => GateRule.TargetNonAscii,
                (byte)'\r' => GateRule.VersionMissing,
                (byte)'\n' => GateRule.BareLineFeed,
                0 => GateRule.NulByte,
                _ => GateRule.TargetControlByte,
            };
            if (!GateRules.LetsPass(fault, limits, head))
                return ParseResult.Refused;
            fault = GateRule.None;
            end++;
        }
    }

    private static ParseResult ReadVersion(ReadOnlySpan<byte> version, RequestHead head, out GateRule fault)
    {
        fault = GateRule.None;
        return version.Length >= VersionLength + 2 && BinaryPrimitives.ReadUInt64LittleEndian(version) == Http11
            && version[VersionLength] == '\r' && version[VersionLength + 1] == '\n'
            ? ParseResult.Complete
            : ReadOddVersion(version, head, out fault);
    }

    /// <summary>HTTP/1.0, a version that has not come whole, or a fault.</summary>
    private static ParseResult ReadOddVersion(ReadOnlySpan<byte> version, RequestHead head, out GateRule fault)
    {
        var form = "HTTP/0.0\r\n"u8;
        fault = GateRule.None;
        for (var index = 0; index < Math.Min(version.Length, form.Length); index++)
        {
            var fits = form[index] == '0' ? char.IsAsciiDigit((char)version[index]) : version[index] == form[index];
            if (fits)
                continue;
            fault = version[index] switch
            {
                0 => GateRule.NulByte,
                (byte)'\n' when index != VersionLength + 1 => GateRule.BareLineFeed,
                _ when index == VersionLength + 1 => GateRule.BareCarriageReturn,
                _ when index < 5 && HasSpaceBeforeLineEnd(version) => GateRule.TargetSpace,
                _ => GateRule.VersionInvalid,
            };
            return ParseResult.Refused;
        }

        if (version.Length >= VersionLength && !version.StartsWith("HTTP/1.1"u8))
        {
            if (!version.StartsWith("HTTP/1.0"u8))
            {
                fault = GateRule.VersionUnsupported;
                return ParseResult.Refused;
            }

            head.IsHttp10 = true;
        }

        return version.Length < form.Length ? ParseResult.Incomplete : ParseResult.Complete;
    }

    private static bool HasSpaceBeforeLineEnd(ReadOnlySpan<byte> rest)
    {
        var stop = rest.IndexOfAny((byte)' ', (byte)'\r', (byte)'\n');
        return stop >= 0 && rest[stop] == ' ';
    }

    private static bool Passes(GateRule rule, GateLimits limits, RequestHead head, out GateRule fault)
    {
        var passes = GateRules.LetsPass(rule, limits, head);
        fault = passes ? GateRule.None : rule;
        return passes;
    }
}
