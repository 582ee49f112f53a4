namespace Weir.Core.Processes.Lines;

/// <summary>A program that only starts another one: env, bundle exec, tini.</summary>
/// <param name="Verbs">The words that must follow for it to do so; none = always.</param>
/// <param name="Values">Its options that take the next word.</param>
/// <param name="Positions">Words of its own before the command: the user of gosu.</param>
internal sealed record Wrapper(string[] Verbs, string[] Values, int Positions = 0)
{
    private static readonly Wrapper s_plain = new([], []);
    private static readonly Wrapper s_run = new(["run"], ["-p", "--package", "--with", "--env-file", "--python", "-n"]);

    private static readonly Dictionary<string, Wrapper> s_all = new()
    {
        ["exec"] = new([], ["-a"]),
        ["command"] = s_plain,
        ["nohup"] = s_plain,
        ["time"] = s_plain,
        ["setsid"] = s_plain,
        ["dumb-init"] = s_plain,
        ["tini"] = new([], ["-p", "-e"]),
        ["catatonit"] = s_plain,
        ["stdbuf"] = new([], ["-i", "-o", "-e"]),
        ["nice"] = new([], ["-n"]),
        ["ionice"] = new([], ["-c", "-n"]),
        ["timeout"] = new([], ["-k", "-s"], Positions: 1),
        ["chpst"] = new([], ["-u", "-U", "-b", "-e", "-d", "-l", "-m", "-o"]),
        ["gosu"] = new([], [], Positions: 1),
        ["su-exec"] = new([], [], Positions: 1),
        ["sudo"] = new([], ["-u", "-g"]),
        ["env"] = new([], ["-u", "--unset", "-C", "--chdir"]),
        ["bundle"] = new(["exec"], ["--gemfile"]),
        ["poetry"] = new(["run"], ["-C", "--directory", "-P", "--project"]),
        ["pipenv"] = new(["run"], ["--python"]),
        ["uv"] = s_run,
        ["pdm"] = s_run,
        ["rye"] = s_run,
        ["hatch"] = s_run,
        ["conda"] = new(["run"], ["-n", "-p", "--name", "--prefix"]),
        ["doppler"] = new(["run"], ["-p", "-c", "--project", "--config"]),
        ["honcho"] = new(["run"], ["-e", "--env", "-f"]),
        ["foreman"] = new(["run"], ["-e", "--env", "-f"]),
        ["dotenv"] = new([], ["-e", "-f", "--file"]),
        ["newrelic-admin"] = new(["run-program"], []),
        ["ddtrace-run"] = s_plain,
        ["opentelemetry-instrument"] = new([], ["--traces_exporter", "--metrics_exporter", "--service_name"]),
        ["npx"] = s_plain,
        ["bunx"] = s_plain,
        ["start-nginx"] = s_plain,
        ["start-nginx-solo"] = s_plain,
        ["start-pgbouncer"] = s_plain,
        ["start-stunnel"] = s_plain,
        ["jemalloc.sh"] = s_plain,
    };

    /// <summary>The wrapper of this name, where these words use it as one; else null.</summary>
    public static Wrapper? Of(string program, IReadOnlyList<string> words) =>
        s_all.TryGetValue(program, out var wrapper) && (wrapper.Verbs.Length == 0 || wrapper.VerbAt(words) > 0)
            ? wrapper
            : null;

    /// <summary>The place of the wrapped command's first word; the words' number where there is none.</summary>
    public int CommandAt(IReadOnlyList<string> words)
    {
        var at = PastOptions(words, Verbs.Length == 0 ? 1 : VerbAt(words) + 1);
        for (var left = Positions; left > 0 && at < words.Count; left--)
            at = PastOptions(words, at + 1);
        return at;
    }

    private int VerbAt(IReadOnlyList<string> words)
    {
        var at = PastOptions(words, 1);
        return at < words.Count && Verbs.Contains(words[at]) ? at : -1;
    }

    private int PastOptions(IReadOnlyList<string> words, int at)
    {
        while (at < words.Count && words[at].StartsWith('-'))
        {
            if (words[at] == "--")
                return at + 1;
            at += Values.Contains(words[at]) ? 2 : 1;
        }

        return Math.Min(at, words.Count);
    }
}
