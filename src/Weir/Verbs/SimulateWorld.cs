using Weir.Sim;
using Weir.Sim.Arrivals;

namespace Weir.Verbs;

/// <summary>Reads of the flags what clients, servers and their troubles are like.</summary>
internal static class SimulateWorld
{
    public static IReadOnlyList<(string Name, string Does)> Flags { get; } =
    [
        ("rate=", "Requests that arrive: 64/s, 3840/m (Poisson) [64/s]"),
        ("bursts=", "FACTOR,LENGTH,PAUSE: so many times the rate for LENGTH on average, PAUSE between"),
        ("counts=", "A file with a count of requests for each second"),
        ("service=", "A worker's time: exp:100ms, const:, lognormal:MEDIAN,SIGMA, weibull:SHAPE,SCALE, "
            + "bimodal:FAST,SLOW,SHARE [exp:100ms]"),
        ("instances=", "Instances [8]"),
        ("workers=", "Requests that one instance works on at once [1]"),
        ("routers=", "Routers that know nothing of each other [1]"),
        ("claims", "Instances give a slot only to who claims a free one; routers hold what finds none"),
        ("claim-every=", "Routers that hold requests claim so often [never by the clock]"),
        ("delay=", "Router to instance, and back [0]"),
        ("backlog=", "What an instance takes beyond its workers before it refuses [all there is]"),
        ("full=", "A full accept queue: refuse (unix socket), or drop as Linux' TCP does [refuse]"),
        ("tries=", "Instances a request is offered to [10]"),
        ("queue-max-length=", "Bound of a router's queue [none]"),
        ("queue-max-wait=", "Bound of a wait in it [none]"),
        ("answer-timeout=", "The client is told H12 after so long with a worker [never]"),
        ("patience=", "How long clients wait, as a service time: exp:20s [for ever]"),
        ("retries=", "How often a client asks again after a failure [0]"),
        ("back-off=", "Before it does; doubled each time [1s]"),
        ("upload=", "How long clients take to send, as a service time [0]"),
        ("buffering=", "off: a worker is held while its client sends [on]"),
        ("boot=", "From an instance's start until it takes requests [0]"),
        ("cold", "The instances begin to boot when the run begins"),
        ("warm=", "TIME,FACTOR: so long after a boot an instance is slower, from FACTOR down to 1"),
        ("cores=", "Processors of a machine, where work in common makes each slower [no limit]"),
        ("cpu-share=", "What of the service time is processor time, 0 to 1 [1]"),
        ("machines=", "Instances stand on so many machines [1]"),
        ("fault=", "Shares of tries: refuse=0.01,timeout=,cut=,hang=,crash=,slow=; and renew=TIME"),
        ("duration=", "For how long requests arrive [10m]"),
        ("warm-up=", "What of it is not counted [0s]"),
    ];

    /// <summary>The flags' world. What the basis says holds where a flag does not.</summary>
    public static SimOptions Read(FlagReader flags, SimOptions basis)
    {
        var service = flags.Service("service") ?? basis.Service;
        var rate = flags.Rate("rate");
        var options = basis with
        {
            Rate = rate ?? basis.Rate,
            Service = service,
            Instances = flags.Count("instances", basis.Instances, 1, 10_000),
            Workers = flags.Count("workers", basis.Workers, 1, 1_000),
            Routers = flags.Count("routers", basis.Routers, 1, 1_000),
            ClaimsSlots = flags.Switch("claims", basis.ClaimsSlots),
            ClaimEvery = flags.Time("claim-every", basis.ClaimEvery),
            Backlog = flags.Count("backlog", basis.Backlog, 0, 1_000_000),
            Tries = flags.Count("tries", basis.Tries, 1, 10_000),
            QueueLengthMax = flags.Count("queue-max-length", basis.QueueLengthMax, 1, 100_000_000),
            QueueWaitMax = flags.Time("queue-max-wait", basis.QueueWaitMax),
            Duration = flags.Time("duration", basis.Duration),
            WarmUp = flags.Time("warm-up", basis.WarmUp),
            Clients = Clients(flags),
            Servers = Servers(flags),
            Faults = Faults(flags, out var renewEvery),
        };
        options = options with { Faults = options.Faults with { RenewEvery = renewEvery } };
        if (options.ClaimsSlots && options.Servers.Delay > 0)
            flags.Faults.Add("--claims with --delay: a claim and its answer are one moment here");
        return WithTraffic(flags, options, rate is not null);
    }

    private static SimOptions WithTraffic(FlagReader flags, SimOptions options, bool hasRate)
    {
        if (flags.Text("bursts") is { } bursts)
        {
            var parts = bursts.Split(',');
            if (parts.Length == 3 && FlagReader.Number(parts[0], 10_000, out var factor) && factor > 0
                && Durations.TryRead(parts[1], out var length) && Durations.TryRead(parts[2], out var pause)
                && length > 0 && pause > 0)
            {
                return options with { Traffic = new BurstTraffic(options.Rate, factor, length, pause) };
            }

            flags.Faults.Add($"--bursts: '{bursts}' is not FACTOR,LENGTH,PAUSE; write 5,10s,2m");
        }

        if (flags.Text("counts") is { } file)
        {
            if (hasRate)
                flags.Faults.Add("--rate and --counts: the file has the rate");
            try
            {
                var traffic = CountTraffic.Read(File.ReadLines(file));
                return options with
                {
                    Traffic = traffic,
                    Rate = traffic.RateMean,
                    Duration = traffic.Duration,
                };
            }
            catch (Exception exception) when (exception is IOException or FormatException
                or UnauthorizedAccessException)
            {
                flags.Faults.Add($"--counts: {file}: {exception.Message}");
            }
        }

        // A rate given beside recorded traffic replaces it.
        return hasRate ? options with { Traffic = null } : options;
    }

    private static ClientHabits Clients(FlagReader flags) => new()
    {
        Patience = flags.Service("patience"),
        RetriesMax = flags.Count("retries", 0, 0, 100),
        BackOff = flags.Time("back-off", 1_000_000),
        Upload = flags.Service("upload"),
        IsBuffered = flags.Switch("buffering", true),
    };

    private static ServerHabits Servers(FlagReader flags)
    {
        var warm = flags.Text("warm")?.Split(',');
        var (warmTime, factor) = (0.0, 1.0);
        if (warm is not null && (warm.Length != 2 || !Durations.TryRead(warm[0], out warmTime)
            || !FlagReader.Number(warm[1], 1_000, out factor)))
        {
            flags.Faults.Add($"--warm: '{string.Join(',', warm)}' is not TIME,FACTOR; write 30s,4");
        }

        var full = flags.Text("full") ?? "refuse";
        if (full is not ("refuse" or "drop"))
            flags.Faults.Add($"--full: '{full}' is neither refuse nor drop");
        return new ServerHabits
        {
            BootTime = flags.Time("boot", 0),
            StartsCold = flags.Switch("cold"),
            WarmTime = (long)warmTime,
            WarmFactor = factor,
            Cores = flags.Count("cores", 0, 1, 10_000),
            CpuShare = flags.Share("cpu-share", 1),
            Machines = flags.Count("machines", 1, 1, 10_000),
            DropsWhenFull = full == "drop",
            Delay = flags.Time("delay", 0),
            AnswerTimeout = flags.Time("answer-timeout", 0),
        };
    }

    private static FaultRates Faults(FlagReader flags, out long renewEvery)
    {
        var rates = new FaultRates();
        renewEvery = 0;
        foreach (var part in (flags.Text("fault") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = part.IndexOf('=');
            var (name, value) = equals < 0 ? (part, "") : (part[..equals], part[(equals + 1)..]);
            if (name == "renew" && Durations.TryRead(value, out var micros) && micros > 0)
            {
                renewEvery = (long)micros;
                continue;
            }

            var changed = FlagReader.Number(value, 1, out var share) ? Changed(rates, name, share) : null;
            if (changed is null)
            {
                flags.Faults.Add($"--fault: '{part}' is not refuse, timeout, cut, hang, crash or slow with a share, "
                    + "or renew with a time; write refuse=0.01,renew=5m");
            }

            rates = changed ?? rates;
        }

        return rates;
    }

    private static FaultRates? Changed(FaultRates rates, string name, double share) => name switch
    {
        "refuse" => rates with { Refuse = share },
        "timeout" => rates with { ConnectTimeout = share },
        "cut" => rates with { Cut = share },
        "hang" => rates with { Hang = share },
        "crash" => rates with { Crash = share },
        "slow" => rates with { Slow = share },
        _ => null,
    };
}
