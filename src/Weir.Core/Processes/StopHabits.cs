namespace Weir.Core.Processes;

/// <summary>
/// How known servers end in good order, found from their command. Sources: the servers' own signal pages. Those that
/// end in good order on SIGTERM within ten seconds (Gunicorn, Puma, uvicorn, waitress, node) need no line here.
/// </summary>
internal static class StopHabits
{
    /// <summary>SIGTERM, and ten seconds: what platforms' own stop commands give.</summary>
    public static StopHabit Usual { get; } = new([SignalNames.Terminate], 10, "");

    private static readonly StopHabit[] s_known =
    [
        // TERM is its quick shutdown; 60 s is its own time-out of a request.
        new([SignalNames.Quit], 60, "unicorn"),
        new([SignalNames.Quit], 60, "unicorn_rails"),
        new([SignalNames.Quit], 60, "rainbows"),
        // TERM and INT cut connections.
        new([SignalNames.Quit], 60, "nginx"),
        new([SignalNames.Quit], 60, "php-fpm"),
        // TERM reloads it unless die-on-term is set; INT ends it always. No request runs after a drain.
        new([SignalNames.Interrupt], 10, "uwsgi"),
        // TSTP: take no new jobs; TERM: give its jobs 25 s, then push them back.
        new([SignalNames.TerminalStop, SignalNames.Terminate], 30, "sidekiq"),
        new([SignalNames.TerminalStop, SignalNames.Terminate], 30, "sidekiqswarm"),
        // TERM waits for the tasks that run.
        new([SignalNames.Terminate], 300, "celery"),
        // QUIT waits for the job that runs; TERM kills it.
        new([SignalNames.Quit], 300, "resque"),
        new([SignalNames.Quit], 300, "resque:work"),
        new([SignalNames.Terminate], 60, "rq"),
        new([SignalNames.Terminate], 60, "delayed_job"),
        new([SignalNames.Terminate], 60, "jobs:work"),
        // Its own limit for jobs under way.
        new([SignalNames.Terminate], 600, "dramatiq"),
        new([SignalNames.UserOne, SignalNames.Terminate], 60, "shoryuken"),
    ];

    /// <param name="line">A command as a shell would read it.</param>
    public static StopHabit Find(string line)
    {
        var shell = ShellLine.Of(line);
        var isValue = false;
        foreach (var word in shell.Words.Skip(shell.Assignments))
        {
            // The word behind a flag is most often its value: a queue may be called celery.
            var isName = !isValue && !word.Text.StartsWith('-');
            if (isName && Array.Find(s_known, habit => habit.Server == Name(word.Text)) is { } found)
                return found;
            isValue = word.Text.StartsWith('-') && word.Text != "-m"
                && !word.Text.Contains('=', StringComparison.Ordinal);
        }

        return Usual;
    }

    /// <summary>"/usr/sbin/php-fpm8.2" → "php-fpm".</summary>
    private static string Name(string word)
    {
        var name = word[(word.LastIndexOf('/') + 1)..];
        return name.StartsWith("php-fpm", StringComparison.Ordinal) ? "php-fpm" : name;
    }
}
