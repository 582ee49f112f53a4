using Weir.Bench;
using Weir.Bench.Scenarios;

// Each scenario measures one line of what must hold; bench/README.md says which, and what it shows.
if (!BenchOptions.TryParse(args, out var options, out var fault))
{
    Console.Error.WriteLine(fault);
    Console.Error.WriteLine(BenchOptions.Usage);
    return 2;
}

return options.Scenario switch
{
    "slow-clients" => SlowClientsScenario.Run(options),
    "websockets" => WebSocketsScenario.Run(options),
    "queueing" => QueueingScenario.Run(options),
    "proxy-cpu" => ProxyCpuScenario.Run(options),
    "idle-clients" => IdleClientsScenario.Run(options),
    "slow-uploads" => SlowUploadsScenario.Run(options),
    "small-memory" => SmallMemoryScenario.Run(options),
    "memory" => IdleClientsScenario.Run(options) + SlowUploadsScenario.Run(options) + SmallMemoryScenario.Run(options),
    "slowhttptest" => SlowHttpTestScenario.Run(options),
    "startup" => StartupScenario.Run(options),
    "deploys" => DeploysScenario.Run(options),
    "found-slots" => FoundSlotsScenario.Run(options),
    "pool-connect" => PoolConnectScenario.Run(options),
    "pool-query" => PoolQueryScenario.Run(options),
    "pool-idle" => PoolIdleScenario.Run(options),
    "validation" => ValidationScenario.Run(options),
    "sim-speed" => SimSpeedScenario.Run(options),
    "sim-real" => SimRealScenario.Run(options),
    "cache-hits" => CacheHitsScenario.Run(options),
    "cache-story" => CacheStoryScenario.Run(options),
    "cache-suite" => CacheSuiteScenario.Run(options),
    _ => SelfCheck.Run(),
};
