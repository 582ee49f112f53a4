using Weir.Core.Routing;
using Weir.Sim;
using Weir.Sim.Arrivals;
using Weir.Sim.Recordings;

namespace Weir.Verbs;

/// <summary>What a simulation goes on from: nothing, a recording, or an access log.</summary>
internal sealed record SimulateBasis(SimOptions Options)
{
    /// <summary>Less than this and a percentile is a few requests.</summary>
    private const int RequestsFew = 1_000;

    public RecordingSurvey? Survey { get; private init; }

    public string Title { get; private init; } = "";

    /// <summary>Where service times come from, in words.</summary>
    public string Service { get; private init; } = "";

    /// <summary>Null where it cannot be had, and the reader's faults say why.</summary>
    public static SimulateBasis? Read(FlagReader reader, SimulateFlags flags, SimOptions usual)
    {
        try
        {
            if (flags.Replay is { } recording)
                return FromRecording(reader, flags, usual, recording);
            if (flags.Log is { } log)
                return FromLog(usual, log, AccessLog.Read(log));
            return new SimulateBasis(usual);
        }
        catch (Exception exception) when (exception is IOException or FormatException or UnauthorizedAccessException)
        {
            reader.Faults.Add($"{(flags.Replay is null ? "--log" : "--replay")}: {exception.Message}");
            return null;
        }
    }

    /// <summary>Adds the measured column and what a reader must be warned of.</summary>
    public SimulateReport Complete(SimulateReport report)
    {
        var measured = SimSummary.Of("recorded", Options with { Traffic = Options.Traffic }, [Survey!.Measured]) with
        {
            IsSimulated = false,
        };
        var warnings = new List<string>();
        foreach (var column in report.Columns.Where(column => column.BusyMost > Survey.HeldMost))
        {
            warnings.Add($"{column.Label}: up to {column.BusyMost} requests are at work at once, and {Survey.HeldMost} "
                + "were in the recording: beyond it service times may be longer (--cores says how much)");
        }

        if (Survey.IsUneven)
            warnings.Add($"instances came, went or differed; simulated: {Survey.Instances} of {Survey.Workers} slots");
        if (Survey.Measured.Requests < RequestsFew)
            warnings.Add($"the recording has only {Survey.Measured.Requests} requests");
        if (Survey.LeftOut > 0)
            warnings.Add($"{Survey.LeftOut} recorded requests needed no slot or were not over, and are left out");
        if (Survey.Replay.End is RecordingEnd.DiskBehind or RecordingEnd.DiskFailed)
            warnings.Add("the recording ended before Weir did: its disk was behind or failed");
        return report with { Columns = [measured, .. report.Columns], Warnings = warnings };
    }

    private static SimulateBasis? FromRecording(
        FlagReader reader, SimulateFlags flags, SimOptions usual, string path)
    {
        var surveys = RecordingSurvey.Read(path);
        var survey = flags.App is null ? surveys[0] : surveys.FirstOrDefault(one => one.Name == flags.App);
        if (survey is null)
        {
            reader.Faults.Add($"--app: the recording has {string.Join(", ", surveys.Select(one => one.Name))}");
            return null;
        }

        var options = usual with
        {
            Rate = survey.Rate,
            Service = survey.All.Service() ?? usual.Service,
            RouteServices = survey.Services(),
            Traffic = new TraceTraffic(survey, 1, flags.Seed),
            Instances = Math.Max(1, survey.Instances),
            Workers = Math.Max(1, survey.Workers),
            Policy = survey.Options.Policy,
            Tries = survey.Options.TriesMax,
            QueueLengthMax = survey.Options.QueueLengthMax,
            QueueWaitMax = survey.Options.QueueWaitMax,
            Duration = survey.Duration,
        };
        var replay = survey.Replay;
        var same = replay.Difference is null ? "all the same" : $"DIFFERENT from {replay.Difference} on";
        return new SimulateBasis(options)
        {
            Survey = survey,
            Title = SimulateVerb.Text($"{path}: {survey.Name}, {survey.Duration / 1e6:0.#} s by weir ")
                + SimulateVerb.Text($"{survey.Head.Version}; {replay.Events} events replayed, ")
                + SimulateVerb.Text($"{replay.CommandCount} commands {same}; {survey.Routes.Count} routes, ")
                + SimulateVerb.Text($"{survey.Options.Policy.Word()} on {survey.Instances} instances of ")
                + SimulateVerb.Text($"{survey.Workers}"),
        };
    }

    private static SimulateBasis FromLog(SimOptions usual, string path, AccessLog log)
    {
        var options = usual with
        {
            Service = log.All.Service()!,
            RouteServices = log.Services(),
            Rate = log.HasTimes ? log.Traffic.RateMean : usual.Rate,
            Traffic = log.HasTimes ? log.Traffic : null,
            Duration = log.HasTimes ? log.Traffic.Duration : usual.Duration,
        };
        var kind = log.HasTimes ? SimulateVerb.Text($"{log.Traffic.Duration / 1e6:0} s of traffic")
            : "no times of day in it, so --rate says how much comes";
        return new SimulateBasis(options)
        {
            Service = "the log's",
            Title = SimulateVerb.Text($"{path}: {log.All.Count} requests, {kind}, {log.Skipped} other lines; ")
                + SimulateVerb.Text($"mean {log.All.Sum / log.All.Count / 1000:0.#} ms"),
        };
    }
}
