using System.Globalization;

namespace Weir.Core.Processes;

/// <summary>
/// Rewrites a server's command for one worker. Servers take their last word on workers, so it is appended; whether that
/// was right is shown by asking the finder about the new line.
/// </summary>
internal static class SlotSplit
{
    private const long MiB = 1024 * 1024;

    /// <param name="question">The one that the finding answers.</param>
    /// <param name="words">What is executed: a shell with the line, or the command's own words.</param>
    public static SplitOffer Of(SlotQuestion question, SlotFinding finding, IReadOnlyList<string> words)
    {
        if (finding.IsAsync)
            return Refuse($"{finding.Server} is async: it has no workers to split");
        if (finding.Workers < 2)
            return Refuse("it has one worker process already");
        var one = OneWorker(finding.Server);
        if (one.Length == 0)
            return Refuse(WhyNot(finding.Server));
        var line = $"{question.Line.TrimEnd()} {one}";
        var isShell = words.Count > 0 && words[^1] == question.Line;
        IReadOnlyList<string> rewritten = isShell
            ? [.. words.Take(words.Count - 1), line]
            : [.. words, .. one.Split(' ')];
        var found = SlotFinder.Find(question with { Line = line });
        var isRight = found.Workers == 1 && found.Server == finding.Server && found.Threads == finding.Threads;
        return isRight
            ? new SplitOffer(finding.Workers, line, rewritten, "")
            : Refuse($"its line does not end with {finding.Server}'s own options");

        SplitOffer Refuse(string why) => new(1, question.Line, words, why);
    }

    /// <summary>What it costs, in a sentence.</summary>
    /// <param name="instances">After the split.</param>
    /// <param name="total">PSS of the instance's whole tree now, in bytes; 0 before it was measured.</param>
    /// <param name="worker">RSS of one worker now, in bytes: what it has alone once nothing is shared.</param>
    /// <param name="available">Bytes of memory left for it; 0 where that is not known.</param>
    public static string Cost(int instances, long total, long worker, long available)
    {
        if (total <= 0 || worker <= 0)
            return $"{instances} instances of one worker have exact slots; what they no longer share costs memory, "
                + "which is known once it runs";
        var more = More(instances, total, worker);
        var text = $"{instances} instances of one worker have exact slots, for about {Size(more)} more memory "
            + $"({Size(worker)} each in place of {Size(total)} for all)";
        if (available <= 0)
            return text;
        return Fits(instances, total, worker, available)
            ? $"{text}; {Size(available)} is free"
            : $"{text}; only {Size(available)} is free";
    }

    /// <summary>Whether memory allows it, with a tenth left over.</summary>
    public static bool Fits(int instances, long total, long worker, long available) =>
        More(instances, total, worker) <= available - available / 10;

    private static long More(int instances, long total, long worker) => Math.Max(0, instances * worker - total);

    private static string Size(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{(bytes + MiB - 1) / MiB} MiB");

    private static string OneWorker(string server) => server switch
    {
        "gunicorn" => "--workers 1",
        // Puma's single mode: no master, which a cluster of one would have.
        "puma" => "-w 0",
        "uwsgi" => "--processes 1",
        _ => "",
    };

    private static string WhyNot(string server) => server switch
    {
        "unicorn" => "unicorn takes its workers from its file alone: say worker_processes 1 there, and web=N",
        "php-fpm" => "php-fpm has no HTTP of its own",
        "" => "its server is not known",
        _ => $"{server} has no option for one worker",
    };
}
