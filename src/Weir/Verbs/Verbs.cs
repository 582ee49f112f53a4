using System.Globalization;
using Weir.Caching;
using Weir.Core.Processes;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>Every verb, in the order of the help.</summary>
internal static class Verbs
{
    private static readonly (string, string) s_config = ("config=", "The file to read [weir.yaml where there is one]");
    private static readonly string[] s_admin = ["admin", "admin.token"];

    public static IReadOnlyList<Verb> All { get; } =
    [
        new("run", "Start a server with PORT set and stand before it: weir run --slots 4 -- COMMAND…", RunAsync)
        {
            Settings = null,
            Flags = [s_config],
            TakesCommand = true,
        },
        new("release", "Run the Procfile's release line, and end with its exit code", ReleaseVerb.RunAsync)
        {
            Settings = null,
            Flags = [s_config],
        },
        new("proxy", "Stand before servers that already run: weir proxy --to 127.0.0.1:8000=4", ProxyAsync)
        {
            Settings = null,
            Flags = [s_config],
        },
        new("pool", "Pool a PostgreSQL server's connections: weir pool --to postgres://USER:PASSWORD@HOST/DATABASE",
            PoolVerb.RunAsync)
        {
            Settings = PoolVerb.Settings,
            Short = PoolVerb.Short,
            Flags = [s_config],
        },
        new("status", "One look at a running Weir", StatusAsync)
        {
            Settings = s_admin,
            Flags = [s_config, ("json", "As JSON")],
        },
        new("check", "Validate the configuration; every fault with its key and line", CheckVerb.RunAsync)
        {
            Settings = null,
            Flags = [s_config],
            Words = ["[FILE]"],
        },
        new("logs", "Follow the ledger of a running Weir", call => WithAdminAsync(call, admin =>
            LogsVerb.RunAsync(admin, Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
        },
        new("dump", "Write one redacted file for a post-mortem", call => WithAdminAsync(call, admin =>
            DumpVerb.RunAsync(admin, call.Words.Count > 0 ? call.Words[0] : ".", Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
            Words = ["[DIRECTORY]"],
        },
        new("bypass", "Switch a part off (bypass it) or back on: all, buffering, slots, gate, cache", BypassAsync)
        {
            Settings = s_admin,
            Flags = [s_config],
            Words = ["PART", "on|off"],
        },
        new("drain", "No new requests for an instance; what runs may finish, then it is stopped if Weir started it",
            call => WithAdminAsync(call, admin =>
                DrainVerb.RunAsync(admin, call.Words[0], Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
            Words = ["INSTANCE"],
        },
        new("restart", "Start a new set of instances, and let it take over when all of it is ready", call =>
            WithAdminAsync(call, admin => RestartVerb.RunAsync(admin, Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
        },
        new("scale", "So many instances of a process type: weir scale web=4,worker=2", ScaleAsync)
        {
            Settings = s_admin,
            Flags = [s_config],
            Words = ["TYPE=COUNT", "[TYPE=COUNT]", "[TYPE=COUNT]", "[TYPE=COUNT]"],
        },
        new("pause", "Hold every request in the queue (deploys)", call => WithAdminAsync(call, admin =>
            PauseVerb.RunAsync(admin, Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
        },
        new("resume", "Let a paused queue go on", call => WithAdminAsync(call, admin =>
            ResumeVerb.RunAsync(admin, Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
        },
        new("purge", "Take answers out of the store, by URL, prefix, tag, host, or all", PurgeAsync)
        {
            Settings = s_admin,
            Flags =
            [
                s_config, ("prefix=", "All whose URL begins so"), ("tag=", "All with this tag"),
                ("host=", "All of this host"), ("all", "All"),
                ("hard", "Gone at once, instead of stale and asked for again"),
                ("dry-run", "Only count what it would be for"),
            ],
            Words = ["[URL]"],
        },
        new("warm", "Fetch now what cache.warm and cache.warm-top keep warm, as far as cache.warm-budget allows",
            call => WithAdminAsync(call, admin => WarmVerb.RunAsync(call, admin)))
        {
            Settings = s_admin,
            Flags = [s_config, ("dry-run", "Only tell what it is and what it costs")],
            Words = ["[APP]"],
        },
        new("reload", "Read the configuration anew and change what can change, without losing a connection",
            call => WithAdminAsync(call, admin => ReloadVerb.RunAsync(admin, Console.Out, Console.Error)))
        {
            Settings = s_admin,
            Flags = [s_config],
        },
        new("demo", "Direct and through Weir side by side, with live slow clients (weir demo [-- CMD])", DemoAsync)
        {
            Settings = ["slots"],
            Flags = [("seconds=", "How long; 0: until stopped [30]")],
            TakesCommand = true,
        },
        new("simulate", "What would happen: other instances, workers, policies (weir simulate --policy all)",
            call => SimulateVerb.RunAsync(call, Console.Out))
        {
            Flags = SimulateVerb.Flags,
        },
        new("version", "Which Weir this is", _ => VersionVerb.RunAsync()),
    ];

    private static async Task<int> RunAsync(VerbCall call)
    {
        var own = OptionsLoader.Variables();
        var folder = AppFolder.Started(own);
        var source = OptionsSource.OfRun(call, folder);
        return OptionsLoader.Load(source) is { } options
            ? await new RunVerb(options, source, folder, call.Command, own).RunAsync()
            : CommandLine.WrongUsage;
    }

    private static async Task<int> ProxyAsync(VerbCall call)
    {
        var source = OptionsSource.Of(call);
        if (OptionsLoader.Load(source) is not { } options)
            return CommandLine.WrongUsage;
        if (ProxyVerb.Fault(options) is { } fault)
            return CommandLine.Wrong($"proxy: {fault}; say: weir proxy --to 127.0.0.1:8000=4");
        return await ProxyVerb.RunAsync(options, source);
    }

    private static Task<int> BypassAsync(VerbCall call)
    {
        string[] parts = ["all", "buffering", "slots", "gate", "cache"];
        var (part, way) = (call.Words[0], call.Words.Count > 1 ? call.Words[1] : "");
        if (!parts.Contains(part))
        {
            var known = string.Join(", ", parts);
            return Task.FromResult(CommandLine.Wrong($"bypass: no such part: {part}; it is one of {known}"));
        }
        if (way is not ("on" or "off"))
            return Task.FromResult(CommandLine.Wrong($"bypass: say weir bypass {part} on, or off"));
        return WithAdminAsync(call, admin =>
            BypassVerb.RunAsync(admin, part, way == "on", Console.Out, Console.Error));
    }

    private static Task<int> PurgeAsync(VerbCall call)
    {
        var asked = new List<(string Scope, string Text)>();
        if (call.Words.Count > 0)
            asked.Add(("url", call.Words[0]));
        foreach (var scope in (string[])["prefix", "tag", "host"])
        {
            if (call.Take(scope) is { } text)
                asked.Add((scope, text));
        }

        if (call.Take("all") is not null)
            asked.Add(("all", ""));
        if (asked.Count != 1)
            return Task.FromResult(CommandLine.Wrong("purge: say one of URL, --prefix, --tag, --host, --all"));
        return PurgeOrder.Read(asked[0].Scope, asked[0].Text, out var problem) is null
            ? Task.FromResult(CommandLine.Wrong($"purge: {problem}"))
            : WithAdminAsync(call, admin => PurgeVerb.RunAsync(call, admin, asked[0].Scope, asked[0].Text));
    }

    private static Task<int> ScaleAsync(VerbCall call)
    {
        var counts = string.Join(',', call.Words);
        return FormationReader.Read(counts, out var problem) is null
            ? Task.FromResult(CommandLine.Wrong($"scale: {problem}"))
            : WithAdminAsync(call, admin => ScaleVerb.RunAsync(admin, counts, Console.Out, Console.Error));
    }

    private static Task<int> DemoAsync(VerbCall call)
    {
        var written = call.Take("seconds") ?? "30";
        if (!int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            return Task.FromResult(CommandLine.Wrong($"demo: --seconds: '{written}' is not a whole number of seconds"));
        return OptionsLoader.LoadFlags(call) is { } options
            ? DemoVerb.RunAsync(options, call.Command, seconds)
            : Task.FromResult(CommandLine.WrongUsage);
    }

    private static Task<int> StatusAsync(VerbCall call)
    {
        var json = call.Take("json") is "on";
        return WithAdminAsync(call, admin => StatusVerb.RunAsync(admin, json, Console.Out, Console.Error));
    }

    /// <summary>With the admin address that was asked for, or null: the newest Weir that runs here.</summary>
    private static async Task<int> WithAdminAsync(VerbCall call, Func<string?, Task<int>> runAsync)
    {
        if (OptionsLoader.LoadAdmin(call) is not { } options)
            return CommandLine.WrongUsage;
        var isAsked = options.Sources.Any(source => source.Name == "admin");
        return await runAsync(isAsked ? options.Admin.Listen : null);
    }
}
