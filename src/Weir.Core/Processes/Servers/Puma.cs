using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Servers;

/// <summary>
/// Puma: command line, then the configuration file, then WEB_CONCURRENCY and PUMA_MAX_THREADS, then no workers and five
/// threads (configuration.rb of 5.6, the same in 6 and 7: user over file over default). `rails server` and `rackup`
/// read the same file and have no options of their own for it.
/// </summary>
internal static class Puma
{
    private const int ThreadsByDefault = 5;
    private static readonly string[] s_settings = ["workers", "threads"];
    private static readonly string[] s_gems = ["Gemfile.lock", "Gemfile"];

    public static SlotFinding Find(ServerCall call) => Find(call, call.Arguments);

    /// <summary>`rails server`: Puma where it is the app's; another server is not known.</summary>
    public static SlotFinding? FindRails(ServerCall call)
    {
        if (call.Arguments.Count == 0 || call.Arguments[0] is not ("server" or "s"))
            return null;
        var rest = call.Arguments.Skip(1).ToList();
        var server = Flag.Last(rest, "-u", "--using")?.Value
            ?? (rest.Count > 0 && !rest[0].StartsWith('-') ? rest[0] : call.Variable("RACK_HANDLER"));
        var environment = Flag.Last(rest, "-e", "--environment")?.Value
            ?? (call.Variable("RAILS_ENV", "RACK_ENV") is { Length: > 0 } told ? told : "development");
        return server is "puma" || (server.Length == 0 && HasPuma(call))
            ? Find(call, ["-e", environment], ("RAILS_ENV", environment))
            : SlotFinding.Unknown with { Server = server };
    }

    public static SlotFinding? FindRackup(ServerCall call)
    {
        var server = Flag.Last(call.Arguments, "-s", "--server")?.Value ?? call.Variable("RACK_HANDLER");
        // Rackup's -O Threads=1:2 stands over the file, as Puma's own -t does.
        var threads = Flag.All(call.Arguments, "-O", "--option").FindLast(one =>
            one.Value.StartsWith("Threads=", StringComparison.Ordinal));
        if (server is not "puma" && !(server.Length == 0 && HasPuma(call)))
            return SlotFinding.Unknown with { Server = server };
        if (threads.Value is null)
            return Find(call, []);
        var found = Find(call, ["-t", threads.Value["Threads=".Length..]]);
        return found with { Evidence = found.Evidence.Replace("-t ", "-O Threads=", StringComparison.Ordinal) };
    }

    private static bool HasPuma(ServerCall call) =>
        call.Read("config/puma.rb") is not null
        || s_gems.Any(file => call.Read(file)?.Contains("puma", StringComparison.Ordinal) == true);

    private static SlotFinding Find(
        ServerCall call, IReadOnlyList<string> words, params (string, string)[] variables)
    {
        var threads = Flag.Last(words, "-t", "--threads");
        var workers = Count.OnLine(Flag.Last(words, "-w", "--workers"));
        var counts = new FileCounts(call, variables);
        foreach (var file in Files(call, words))
            counts.Read(file);
        return SlotSum.Of(
            "puma",
            workers ?? counts.Workers ?? Count.InEnvironment(call.Environment, "WEB_CONCURRENCY") ?? Count.Default(1),
            Count.OnLine(threads, Most(threads?.Value)) ?? counts.Threads
                ?? Count.InEnvironment(call.Environment, "PUMA_MAX_THREADS")
                ?? Count.InEnvironment(call.Environment, "MAX_THREADS")
                ?? Count.Default(ThreadsByDefault, "puma's default of 5 threads"));
    }

    private static IEnumerable<string> Files(ServerCall call, IReadOnlyList<string> words)
    {
        var told = Flag.All(words, "-C", "--config").ConvertAll(flag => flag.Value);
        if (told is ["-"] || Flag.Has(words, "--no-config"))
            return [];
        if (told.Count > 0)
            return told;
        var environment = Flag.Last(words, "-e", "--environment")?.Value
            ?? (call.Variable("APP_ENV", "RACK_ENV", "RAILS_ENV") is { Length: > 0 } set ? set : "development");
        string[] usual = [$"config/puma/{environment}.rb", "config/puma.rb"];
        return usual.Where(file => call.Read(file) is not null).Take(1);
    }

    /// <summary>MAX of MIN:MAX; one number is both.</summary>
    private static string Most(string? threads) =>
        threads is null ? "" : threads[(threads.IndexOf(':', StringComparison.Ordinal) + 1)..];

    private sealed class FileCounts(ServerCall call, (string, string)[] variables)
    {
        public Count? Workers { get; private set; }
        public Count? Threads { get; private set; }

        public void Read(string file)
        {
            if (call.Read(file) is not { } text)
            {
                (Workers, Threads) = (Count.Unread(file), Count.Unread(file));
                return;
            }

            var found = RubyConfig.Read(text, call.Names(ConfigLanguage.Ruby, variables), s_settings);
            if (found.TryGetValue("workers", out var workers))
                Workers = Count.InFile(file, workers, workers.Values[0]);
            if (found.TryGetValue("threads", out var threads))
                Threads = Count.InFile(file, threads, threads.Values[^1]);
        }
    }
}
