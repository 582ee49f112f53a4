using Weir.Core.Http;
using Weir.Core.Http.Forwarding;
using Weir.Core.Ledger;

namespace Weir.Edge;

/// <summary>Weir's own answers, made once: one for each outcome, one for each rule of the gate.</summary>
internal static class PlainAnswers
{
    private static readonly PlainAnswer[] ByOutcome = BuildByOutcome();
    private static readonly PlainAnswer[] ByRule = BuildByRule();

    public static PlainAnswer Healthy { get; } = new(200, "OK", "", "ok");

    public static PlainAnswer GoingDown { get; } = new(503, "Service Unavailable", "", "going down");

    /// <summary>To Cache-Control: only-if-cached (RFC 9111 section 5.2.1.7).</summary>
    public static PlainAnswer NotStored { get; } = new(504, "Gateway Timeout", "", "nothing is stored of this");

    /// <summary>To OPTIONS with Max-Forwards: 0, which ends here.</summary>
    public static PlainAnswer Options { get; } =
        new(204, "No Content", "", "", "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n");

    public static PlainAnswer Of(Outcome outcome, GateRule rule) =>
        outcome == Outcome.RefusedByGate && rule != GateRule.None ? ByRule[(int)rule] : ByOutcome[(int)outcome];

    private static PlainAnswer[] BuildByOutcome()
    {
        var answers = new PlainAnswer[Outcomes.Count];
        for (var index = 0; index < answers.Length; index++)
        {
            var facts = Outcomes.Of((Outcome)index);
            // Outcomes that send nothing keep a place that is never looked at.
            var status = facts.Status is >= 200 and <= 599 and not 499 ? facts.Status : 500;
            answers[index] = new PlainAnswer(status, ReasonOf(status), facts.Code, facts.Help);
        }

        return answers;
    }

    private static PlainAnswer[] BuildByRule()
    {
        var answers = new PlainAnswer[Enum.GetValues<GateRule>().Length];
        for (var index = 0; index < answers.Length; index++)
        {
            var verdict = GateRules.Of((GateRule)index);
            var fields = verdict.Status == 405 ? "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n" : "";
            answers[index] = new PlainAnswer(
                verdict.Status, ReasonOf(verdict.Status), "H26", $"{verdict.Name}: {verdict.Why}", fields);
        }

        return answers;
    }

    // The framework's table would load a web stack for a dozen words.
    private static string ReasonOf(int status) => status switch
    {
        200 => "OK",
        204 => "No Content",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        413 => "Content Too Large",
        414 => "URI Too Long",
        417 => "Expectation Failed",
        431 => "Request Header Fields Too Large",
        500 => "Internal Server Error",
        501 => "Not Implemented",
        502 => "Bad Gateway",
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        508 => "Loop Detected",
        _ => "Error",
    };
}
