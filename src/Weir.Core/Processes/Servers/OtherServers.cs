namespace Weir.Core.Processes.Servers;

/// <summary>Servers of which little needs to be read.</summary>
internal static class OtherServers
{
    private static readonly Count s_one = Count.Default(1);

    private static readonly string[] s_async =
    [
        "uvicorn", "daphne", "hypercorn", "fastapi", "sanic", "quart", "falcon",
        "node", "nodejs", "deno", "bun", "next", "nuxt", "nuxi", "nest", "vite", "astro", "remix-serve",
        "react-router-serve", "serve", "http-server", "ts-node", "tsx", "nodemon", "pm2-runtime",
        "npm", "yarn", "pnpm",
    ];

    public static bool IsAsync(string program) => s_async.Contains(program);

    public static SlotFinding Async(ServerCall call)
    {
        // Processes of one listener, which is not to say that any of them is full at some number of requests.
        var workers = call.Program is "uvicorn" or "hypercorn"
            ? Count.OnLine(Flag.Last(call.Arguments, "", "--workers")) ?? s_one
            : s_one;
        return SlotSum.Async(call.Program, $"{call.Program} is async", workers.Value);
    }

    /// <summary>Waitress: threads of one process, four by default (2.1 adjustments.py).</summary>
    public static SlotFinding Waitress(ServerCall call) => SlotSum.Of(
        "waitress", s_one,
        Count.OnLine(Flag.Last(call.Arguments, "", "--threads"))
            ?? Count.Default(4, "waitress's default of 4 threads"));

    /// <summary>Django's own server starts a thread for each request, so that there are no workers to count.</summary>
    public static SlotFinding? Django(ServerCall call)
    {
        if (call.Arguments.Count == 0 || call.Arguments[0] != "runserver")
            return null;
        return Flag.Has(call.Arguments, "--nothreading")
            ? new SlotFinding(1, 1, "django", "--nothreading on the command line")
            : SlotSum.Async("django", "runserver starts a thread for each request");
    }

    public static SlotFinding? Flask(ServerCall call)
    {
        if (!call.Arguments.Contains("run"))
            return null;
        return Flag.Has(call.Arguments, "--without-threads")
            ? new SlotFinding(1, 1, "flask", "--without-threads on the command line")
            : SlotSum.Async("flask", "flask run starts a thread for each request");
    }

    /// <summary>Thin serves one request at a time, but in threaded mode, whose number cannot be told.</summary>
    public static SlotFinding Thin(ServerCall call) => SlotSum.Of(
        "thin", s_one,
        Flag.Has(call.Arguments, "--threaded") ? Count.Unread("--threaded") : s_one);

    /// <summary>Passenger's pool grows as it likes up to its size, which is known only where it is told.</summary>
    public static SlotFinding? Passenger(ServerCall call) => !call.Arguments.Contains("start")
        ? null
        : SlotSum.Of(
            "passenger",
            Count.OnLine(Flag.Last(call.Arguments, "", "--max-pool-size"))
                ?? Count.InEnvironment(call.Environment, "PASSENGER_MAX_POOL_SIZE")
                ?? Count.Unread("its pool, without --max-pool-size,"),
            s_one);

    /// <summary>PHP's built-in server serves one request at a time, or has PHP_CLI_SERVER_WORKERS.</summary>
    public static SlotFinding? Php(ServerCall call)
    {
        if (call.Program == "php" && !call.Arguments.Any(word => word.StartsWith("-S", StringComparison.Ordinal)))
            return null;
        return SlotSum.Of("php", Count.InEnvironment(call.Environment, "PHP_CLI_SERVER_WORKERS") ?? s_one, s_one);
    }

    public static SlotFinding? Artisan(ServerCall call)
    {
        var verb = call.Arguments.Count > 0 ? call.Arguments[0] : "";
        if (verb == "serve")
            return Php(call);
        if (!verb.StartsWith("octane:", StringComparison.Ordinal))
            return null;
        return SlotSum.Of(
            "octane",
            Count.OnLine(Flag.Last(call.Arguments, "", "--workers")) ?? Count.Unread("octane, without --workers,"),
            s_one);
    }
}
