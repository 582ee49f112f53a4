using System.Globalization;
using System.Text;
using Weir.Core.Chance;

namespace Weir.Tests.Faults;

/// <summary>One request of a client, and what it may expect.</summary>
internal sealed class Asked
{
    /// <summary>What an app that works does; anything but a whole answer needs Weir's own reason.</summary>
    private static readonly string[] s_good =
        ["ok", "ok", "ok", "chunked", "slow", "close", "until-close", "interim", "empty", "idle-close", "events"];

    private static readonly string[] s_bad =
    [
        "early", "reset-at-head", "bad-chunk", "hang", "late", "unsolicited", "end-before", "reset-before", "half",
        "reset-half", "half-head", "garbage", "too-long", "unasked-switch", "stall",
    ];

    public required int Id { get; init; }
    public required string Verb { get; init; }
    public required string Act { get; init; }
    public required string Target { get; init; }

    /// <summary>Bytes of the answer's body.</summary>
    public required int AnswerBytes { get; init; }

    /// <summary>Bytes of the request's own body; −1 for none.</summary>
    public required int BodyBytes { get; init; }
    public bool IsChunked { get; init; }
    public bool ExpectsContinue { get; init; }
    public bool Closes { get; init; }

    public bool IsGood => Array.IndexOf(s_good, Act) >= 0;

    public bool IsHead => Verb == "HEAD";

    /// <param name="isLarge">Bodies and answers that spill.</param>
    public static Asked Any(SeededRandom chance, int id, bool isLarge = false)
    {
        var hasBody = chance.NextBelow(3) == 0 || isLarge;
        var acts = chance.NextBelow(3) == 0 ? s_bad : s_good;
        var act = acts[chance.NextBelow(acts.Length)];
        var bytes = chance.NextBelow(4) == 0 ? chance.NextBelow(200_000) : chance.NextBelow(2_000);
        var bodyBytes = chance.NextBelow(3) == 0 ? chance.NextBelow(100_000) : chance.NextBelow(3_000);
        if (isLarge)
            (bytes, bodyBytes) = (chance.NextBelow(2_000_000), chance.NextBelow(500_000));
        var path = chance.NextBelow(8) switch
        {
            0 when hasBody => "/stream/up",
            1 => "/free/poll",
            _ => "/page",
        };
        return new Asked
        {
            Id = id,
            Act = act,
            AnswerBytes = bytes,
            Verb = hasBody ? chance.NextBelow(2) == 0 ? "POST" : "PUT" : chance.NextBelow(6) == 0 ? "HEAD" : "GET",
            BodyBytes = hasBody ? bodyBytes : -1,
            IsChunked = chance.NextBelow(2) == 0,
            ExpectsContinue = hasBody && chance.NextBelow(4) == 0,
            Closes = chance.NextBelow(12) == 0,
            // A head of any length: it may just fill the buffer that it is received in.
            Target = $"{path}?do={act}&n={bytes}&id={id}&pad="
                + new string('p', chance.NextBelow(4) == 0 ? chance.NextBelow(3_000) : 0),
        };
    }

    public byte[] Head(string more = "")
    {
        var head = new StringBuilder();
        head.Append(CultureInfo.InvariantCulture, $"{Verb} {Target} HTTP/1.1\r\nHost: example.org\r\n{more}");
        if (BodyBytes >= 0)
            head.Append(IsChunked ? "Transfer-Encoding: chunked\r\n" : $"Content-Length: {BodyBytes}\r\n");
        if (ExpectsContinue)
            head.Append("Expect: 100-continue\r\n");
        if (Closes)
            head.Append("Connection: close\r\n");
        return Encoding.Latin1.GetBytes(head.Append("\r\n").ToString());
    }

    /// <summary>The body as it goes over the wire.</summary>
    public byte[] Body(SeededRandom chance)
    {
        if (BodyBytes < 0)
            return [];
        var body = Pattern.Of(Id, BodyBytes);
        if (!IsChunked)
            return body;
        var coded = new MemoryStream();
        for (var from = 0; from < body.Length;)
        {
            var count = Math.Min(body.Length - from, 1 + chance.NextBelow(1 + body.Length / 3));
            coded.Write(Encoding.Latin1.GetBytes($"{count:x}\r\n"));
            coded.Write(body, from, count);
            coded.Write("\r\n"u8);
            from += count;
        }

        coded.Write("0\r\n\r\n"u8);
        return coded.ToArray();
    }

    /// <summary>What is wrong with this answer; null if nothing is.</summary>
    public string? Judge(Answer answer)
    {
        if (answer.Status is < 200 or > 599)
            return $"status {answer.Status}";
        var id = answer.Field("X-Id");
        if (id.Length == 0)
            return answer.Status is >= 400 and < 600 ? null : $"an answer {answer.Status} that is not the app's";
        if (id != $"{Id}")
            return $"the answer of {id}";
        if (Act is "early" or "events" or "empty" || answer.Status != 200)
            return null;
        var sent = Math.Max(0, BodyBytes);
        var told = $"{sent}-{BodyHash.Add(BodyHash.Start, Pattern.Of(Id, sent)):x}";
        if (answer.Field("X-Body") != told)
            return $"the app had body {answer.Field("X-Body")}, not {told}";
        var mayBeCut = Act is "half" or "reset-half" or "bad-chunk" or "stall" or "too-long";
        return IsHead || mayBeCut ? null : JudgeBody(answer);
    }

    private string? JudgeBody(Answer answer)
    {
        if (answer.IsWhole && answer.Body.Length != AnswerBytes)
            return $"{answer.Body.Length} bytes in place of {AnswerBytes}";
        var same = answer.Body.AsSpan().CommonPrefixLength(Pattern.Of(Id, AnswerBytes));
        return same == answer.Body.Length ? null : $"another byte at {same} of {AnswerBytes}";
    }

    public override string ToString() =>
        $"{Verb} id={Id} do={Act} n={AnswerBytes} body={BodyBytes} {Target[..Math.Min(12, Target.Length)]}";
}
