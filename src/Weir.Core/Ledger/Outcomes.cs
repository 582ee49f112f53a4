using Weir.Core.Http;

namespace Weir.Core.Ledger;

/// <summary>
/// The one place that turns an outcome into a code, a status and words. H-codes are Heroku's, with its descriptions and
/// statuses; W-codes are ours, where Heroku has none.
/// </summary>
/// <remarks>
/// W11 waited too long in the queue, W12 queue memory, W13 body too large, W14 and W15 body budgets, W16 spill failed,
/// W17 loop, W18 no such app, W19 and W20 head and body too slow, W21 upgrades full, W22 streams full,
/// W23 too many waiting from one address, W99 a bug.
/// Term letters follow HAProxy. Who: C client, S server, P a limit of the proxy, R a resource, K an admin's act,
/// I internal; lower case = it was too slow. Phase: R receive, Q queue, C connect, H head of the answer, D data of the
/// answer.
/// </remarks>
internal static class Outcomes
{
    /// <summary>How many outcomes there are; they are numbered from 0 without gaps.</summary>
    public static readonly int Count = (int)Outcome.Bug + 1;

    private static readonly OutcomeFacts[] Table = BuildTable();
    private static readonly string[] Terms = BuildTerms();

    public static OutcomeFacts Of(Outcome outcome) => Table[(int)outcome];

    /// <summary>The status Weir sends for an outcome: the broken rule's where a client's request broke one.</summary>
    public static int StatusOf(Outcome outcome, GateRule rule) =>
        outcome == Outcome.RefusedByGate && rule != GateRule.None ? GateRules.Of(rule).Status : Of(outcome).Status;

    /// <summary>The two-letter termination code, two ASCII characters; "--" where all went well.</summary>
    public static string TermOf(Outcome outcome, Phase lastPhase) =>
        Terms[((int)outcome * PhasesCount) + (int)lastPhase];

    private const int PhasesCount = (int)Phase.Send + 1;

    private static OutcomeFacts[] BuildTable()
    {
        var table = new OutcomeFacts[Count];
        for (var i = 0; i < table.Length; i++)
            table[i] = Describe((Outcome)i);
        return table;
    }

    private static string[] BuildTerms()
    {
        var terms = new string[Count * PhasesCount];
        for (var i = 0; i < terms.Length; i++)
        {
            var term = Table[i / PhasesCount].Term;
            terms[i] = term[1] == '?' ? term[..1] + "RQQCHD"[i % PhasesCount] : term;
        }
        return terms;
    }

    private static OutcomeFacts Describe(Outcome outcome) => outcome switch
    {
        <= Outcome.TunnelEnded => new("", 0, "", "--", OutcomeLevel.Info, "", ""),
        < Outcome.QueueFull => DescribeIntake(outcome),
        < Outcome.ConnectRefused => DescribeQueue(outcome),
        < Outcome.ClientGoneSending => DescribeUpstream(outcome),
        _ => DescribeOutflow(outcome),
    };

    private static OutcomeFacts DescribeIntake(Outcome outcome) => outcome switch
    {
        // The status is the broken rule's (GateRules: 400, 414, 417, 431, 501, …); 400 is for a rule that names none.
        Outcome.RefusedByGate => Warning("H26", 400, "Request Error", "PR", "The request breaks a rule of HTTP."),
        Outcome.HeadTimeout => Warning("W19", 408, "Request head too slow", "cR", "The request's head took too long."),
        Outcome.BodyTooLarge => Warning("W13", 413, "Request body too large", "PR",
            "The request's body is larger than this server takes."),
        Outcome.BodyTimeout => Warning("W20", 408, "Request body too slow", "cR", "The request's body was too slow."),
        Outcome.BodyBudgetClient => Warning("W14", 503, "Too many unfinished bodies from one address", "PR",
            "Too much is being uploaded from your address at once; try again shortly."),
        Outcome.BodyBudgetTotal => Error("W15", 503, "Upload budget spent", "RR",
            "Too much is being uploaded at once; try again shortly."),
        Outcome.SpillFailed => Error("W16", 503, "Spill file failed", "RR",
            "The request could not be stored; try again shortly."),
        Outcome.NoSuchApp => Warning("W18", 404, "No such app", "PR", "No app answers to this host and path."),
        Outcome.LoopDetected => Error("W17", 508, "Request loops", "PR", "The request came back here: a loop."),
        _ => ClientGone("CR"),
    };

    private static OutcomeFacts DescribeQueue(Outcome outcome) => outcome switch
    {
        Outcome.QueueFull => Error("H11", 503, "Backlog too deep", "PQ", "Too many requests wait; try again shortly."),
        Outcome.QueueMemory => Error("W12", 503, "Queue memory spent", "PQ",
            "Too many large requests wait; try again shortly."),
        Outcome.QueueShare => Warning("W23", 503, "Too many waiting from one address", "PQ",
            "Too many requests from your address wait already; try again shortly."),
        Outcome.QueueTimeout => Error("W11", 503, "Queue timeout", "sQ",
            "No worker became free in time; try again shortly."),
        Outcome.NoInstance => Error("H14", 503, "No web processes running", "SQ", "The app is not running."),
        Outcome.BootTimeout => Error("H20", 503, "App boot timeout", "sQ", "The app did not start in time."),
        Outcome.AllRefused => Error("H99", 503, "Platform error", "SC", "No instance of the app takes connections."),
        Outcome.UpgradesFull => Error("W21", 503, "Upgrades full", "PQ",
            "The app holds as many upgraded connections as it may; try again later."),
        Outcome.StreamsFull => Error("W22", 503, "Streams full", "PQ",
            "The app holds as many event streams as it may; try again later."),
        Outcome.Closing => Warning("H24", 503, "Forced close", "K?", "This server is shutting down; try again."),
        _ => ClientGone("CQ"),
    };

    private static OutcomeFacts DescribeUpstream(Outcome outcome) => outcome switch
    {
        Outcome.ConnectRefused => Error("H21", 503, "Backend connection refused", "SC", "The app refuses connections."),
        Outcome.ConnectTimeout => Error("H19", 503, "Backend connection timeout", "sC", "The app cannot be reached."),
        Outcome.ClosedWithoutResponse => Error("H13", 503, "Connection closed without response", "SH",
            "The app closed the connection without an answer."),
        Outcome.FirstByteTimeout => Error("H12", 503, "Request timeout", "sH", "The app did not answer in time."),
        Outcome.AppIdle => Error("H15", 503, "Idle connection", "sD", "The app stopped in the middle of its answer."),
        Outcome.AppInterrupted => Error("H18", 503, "Server Request Interrupted", "SD",
            "The app broke off in the middle of its answer.") with
        { Sock = "backend" },
        Outcome.AppMalformed => Error("H17", 503, "Poorly formatted HTTP response", "PH",
            "The app's answer is not valid HTTP."),
        Outcome.AppRestriction => Error("H25", 502, "HTTP restriction", "PH",
            "The app's answer breaks a limit of this server."),
        _ => ClientGone("CH"),
    };

    private static OutcomeFacts DescribeOutflow(Outcome outcome) => outcome switch
    {
        Outcome.ClientGoneSending => ClientGone("CD"),
        Outcome.ClientIdle => Warning("H28", 499, "Client Connection Idle", "cD", ""),
        Outcome.ForcedClose => Warning("H24", 0, "Forced close", "K?", ""),
        _ => Error("W99", 500, "A fault in Weir", "I?", "This server made a mistake; its log says more."),
    };

    private static OutcomeFacts ClientGone(string term) =>
        new("H27", 499, "Client Request Interrupted", term, OutcomeLevel.Warning, "client", "");

    private static OutcomeFacts Warning(string code, int status, string description, string term, string help) =>
        new(code, status, description, term, OutcomeLevel.Warning, "", help);

    private static OutcomeFacts Error(string code, int status, string description, string term, string help) =>
        new(code, status, description, term, OutcomeLevel.Error, "", help);
}
