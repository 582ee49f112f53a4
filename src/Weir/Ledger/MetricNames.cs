namespace Weir.Ledger;

/// <summary>
/// The one file that knows the metrics' names, units and help. Names are OpenTelemetry's where it has one, and are
/// written
/// as Prometheus translates them: dots as underscores, the unit and _total at the end. Seconds and bytes throughout.
/// </summary>
internal static class MetricNames
{
    public static readonly Metric RequestDuration = new("http_server_request_duration_seconds", "histogram",
        "Time from a request's first byte to its answer's last, as the client saw it.");

    public static readonly Metric ActiveRequests = new("http_server_active_requests", "gauge",
        "Exchanges now between their first and last byte.");

    public static readonly Metric PhaseDuration = new("weir_request_phase_duration_seconds", "histogram",
        "Time in each phase, of exchanges that spent any there; an exchange's phases add up to its duration.");

    public static readonly Metric TimeInQueue = new("weir_request_time_in_queue_seconds", "histogram",
        "Time in the queue of every exchange that asked for a slot, also of those that got one at once.");

    public static readonly Metric QueueDepth = new("weir_queue_depth", "gauge", "Requests that wait for a slot.");
    public static readonly Metric QueueLimit = new("weir_queue_limit", "gauge",
        "Requests that may wait (queue.max-length).");

    public static readonly Metric QueueOldest = new("weir_queue_oldest_age_seconds", "gauge",
        "How long the first in the queue has waited.");

    public static readonly Metric QueueShed = new("weir_queue_shed_total", "counter",
        "Requests refused because waiting was hopeless, by reason.");

    public static readonly Metric WorkerCount = new("weir_worker_count", "gauge", "Slots of each instance, by state.");

    public static readonly Metric WorkerBusy = new("weir_worker_busy_time_seconds_total", "counter",
        "Time that workers were busy with exchanges.");

    public static readonly Metric WorkerAge = new("weir_worker_current_request_age_seconds", "gauge",
        "Age of the oldest request that an instance works on.");

    public static readonly Metric CacheRequests = new("weir_cache_requests_total", "counter",
        "Requests that met the cache, by result.");

    public static readonly Metric CacheNotStored = new("weir_cache_uncacheable_total", "counter",
        "Answers of apps that were not stored, by reason.");

    public static readonly Metric CacheSaved = new("weir_cache_saved_worker_time_seconds_total", "counter",
        "Worker time that stored answers saved.");

    public static readonly Metric CacheAnswers = new("weir_cache_answers", "gauge", "Answers that are stored.");
    public static readonly Metric CacheBytes = new("weir_cache_bytes", "gauge", "Memory of all that is stored.");
    public static readonly Metric CacheLimit = new("weir_cache_limit_bytes", "gauge",
        "Memory that stored answers may take (cache.memory).");

    public static readonly Metric CacheFollowers = new("weir_cache_followers", "gauge",
        "Requests that wait for an answer which another fetches.");

    public static readonly Metric CacheRefreshesWaiting = new("weir_cache_refreshes_waiting", "gauge",
        "Refreshes behind stale answers that wait for an idle worker.");

    public static readonly Metric WarmRequests = new("weir_warm_requests", "gauge",
        "Requests that a route keeps warm.");

    public static readonly Metric WarmRoundTime = new("weir_warm_round_worker_time_seconds", "gauge",
        "Worker time that the last whole round of warming took.");

    public static readonly Metric WarmFetches = new("weir_warm_fetches_total", "counter",
        "Requests that were made to keep a route warm.");

    public static readonly Metric WarmFailed = new("weir_warm_failed", "gauge",
        "Requests of the last round of warming whose answers could not be stored.");

    public static readonly Metric WarmRefused = new("weir_warm_refused_total", "counter",
        "Rounds of warming that were wanted before their budget allowed them.");

    public static readonly Metric CacheDropped = new("weir_cache_dropped_total", "counter",
        "Stored answers that were let go: evicted for others, expired, or purged.");

    public static readonly Metric SharedUp = new("weir_cache_shared_up", "gauge",
        "1 while the cache's shared tier (cache.redis) can be reached.");

    public static readonly Metric SharedLooks = new("weir_cache_shared_looks_total", "counter",
        "Looks into the shared tier, by result.");

    public static readonly Metric SharedPuts = new("weir_cache_shared_puts_total", "counter",
        "Answers offered to the shared tier, by result.");

    public static readonly Metric SharedFaults = new("weir_cache_shared_faults_total", "counter",
        "Looks and offers that the shared tier did not answer, by why.");

    public static readonly Metric SharedPurgesWaiting = new("weir_cache_shared_purges_waiting", "gauge",
        "Purges made here that the other nodes cannot know of yet.");

    public static readonly Metric InstanceResident = new("weir_instance_resident_memory_bytes", "gauge",
        "Resident memory of an instance that Weir started, shared pages counted in each of its processes.");

    public static readonly Metric InstanceProportional = new("weir_instance_proportional_memory_bytes", "gauge",
        "Proportional memory (PSS) of an instance that Weir started: what instance.memory-max bounds.");

    public static readonly Metric InstanceCpu = new("weir_instance_cpu_seconds", "gauge",
        "Processor time used by an instance and its processes since its start.");

    public static readonly Metric InstanceThreads = new("weir_instance_threads", "gauge",
        "Threads of an instance and its processes.");

    public static readonly Metric InstanceAge = new("weir_instance_age_seconds", "gauge",
        "Time since an instance was started.");

    public static readonly Metric InstanceRequests = new("weir_instance_requests", "gauge",
        "Requests that an instance was given since its start.");

    public static readonly Metric InstanceRestarts = new("weir_instance_restarts_total", "counter",
        "Times that another instance came after one that ended.");

    public static readonly Metric InstanceState = new("weir_instance_state", "gauge",
        "Always 1; where an instance is in its life is a label.");

    public static readonly Metric Redispatches = new("weir_redispatches_total", "counter",
        "Tries after the first: another instance was asked.");

    public static readonly Metric ClientSlow = new("weir_client_slow_time_seconds_total", "counter",
        "Time spent on clients' lines while no worker was held: what buffering saved.");

    public static readonly Metric ClientIo = new("weir_client_io_bytes_total", "counter",
        "Body bytes to and from clients.");

    public static readonly Metric HeldByClient = new("weir_held_by_client_total", "counter",
        "Answers past outflow.spill-max, at which the client's pace held a worker.");

    public static readonly Metric SpilledExchanges = new("weir_spilled_exchanges_total", "counter",
        "Exchanges that used a spill file.");

    public static readonly Metric Outcomes = new("weir_outcomes_total", "counter",
        "Exchanges by code (empty = no fault) and by who ended them in which phase.");

    public static readonly Metric GateFaults = new("weir_gate_faults_total", "counter",
        "Messages that broke a rule of the gate, refused or reported, by rule.");

    public static readonly Metric LogDropped = new("weir_log_dropped_total", "counter",
        "Log lines lost while the log's reader stalled.");

    public static readonly Metric SpillBytes = new("weir_spill_bytes", "gauge", "Bytes in spill files.");
    public static readonly Metric MemoryInUse = new("weir_buffer_memory_bytes", "gauge",
        "Bytes of buffers lent to exchanges.");
    public static readonly Metric Connections = new("weir_connections", "gauge", "Open client connections.");

    public static readonly Metric Accepted = new("weir_connections_accepted_total", "counter",
        "Client connections accepted.");

    public static readonly Metric IoUring = new("weir_io_uring", "gauge",
        "1 where what an I/O thread sends in one round goes out in one call; 0: one by one (edge.io-uring).");

    public static readonly Metric Heartbeat = new("weir_io_heartbeat_seconds", "gauge",
        "Longest recent delay of an I/O thread: what anything that blocks it costs all others.");

    public static readonly Metric Bypassed = new("weir_bypassed", "gauge", "1 while the part is switched off.");
    public static readonly Metric Paused = new("weir_paused", "gauge", "1 while requests are held in the queue.");
    public static readonly Metric BuildInfo = new("weir_build_info", "gauge", "Always 1; the version is a label.");

    public static readonly Metric DatabaseConnections = new("db_client_connection_count", "gauge",
        "Server connections of a pool, by state.");

    public static readonly Metric DatabaseConnectionsMax = new("db_client_connection_max", "gauge",
        "Server connections that a pool may have (pool.size, pool.reserve-size), pinned ones not counted.");

    public static readonly Metric DatabaseIdleMin = new("db_client_connection_idle_min", "gauge",
        "Server connections that a used pool keeps open (pool.size-min).");

    public static readonly Metric DatabasePending = new("db_client_connection_pending_requests", "gauge",
        "Client sessions that wait for a server connection.");

    public static readonly Metric DatabaseTimeouts = new("db_client_connection_timeouts_total", "counter",
        "Client sessions that waited in vain (pool.wait).");

    public static readonly Metric DatabaseCreateTime = new("db_client_connection_create_time_seconds", "histogram",
        "Time to open a server connection, log-in included.");

    public static readonly Metric DatabaseWaitTime = new("db_client_connection_wait_time_seconds", "histogram",
        "Time that client sessions waited for a server connection, of those that had to.");

    public static readonly Metric DatabaseUseTime = new("db_client_connection_use_time_seconds", "histogram",
        "Time that a server connection was lent: a transaction, or longer while pinned.");

    public static readonly Metric DatabaseOldestWait = new("weir_pool_oldest_wait_seconds", "gauge",
        "How long the first in a pool's line has waited.");

    public static readonly Metric DatabasePinned = new("weir_pool_pinned", "gauge", "Pinned client sessions.");

    public static readonly Metric DatabaseTransactions = new("weir_pool_transactions_total", "counter",
        "Transactions that ended.");

    public static readonly Metric DatabaseQueries = new("weir_pool_queries_total", "counter", "Queries of clients.");

    public static readonly Metric DatabaseResets = new("weir_pool_resets_total", "counter",
        "Server connections reset before another client got them.");

    public static readonly Metric DatabaseHiddenResets = new("weir_pool_hidden_resets_total", "counter",
        "Of these, after code ran that nobody here has read.");

    public static readonly Metric DatabaseLoginsFailed = new("weir_pool_logins_failed_total", "counter",
        "Log-ins at the server that failed.");

    public static readonly Metric CpuTime = new("process_cpu_seconds_total", "counter", "Processor time used.");
    public static readonly Metric Resident = new("process_resident_memory_bytes", "gauge", "Resident memory.");
    public static readonly Metric StartTime = new("process_start_time_seconds", "gauge",
        "When it started, seconds since 1970.");
    public static readonly Metric HeapBytes = new("dotnet_gc_last_collection_heap_size_bytes", "gauge",
        "The managed heap.");
    public static readonly Metric Allocated = new("dotnet_gc_heap_total_allocated_bytes_total", "counter",
        "Bytes allocated since the start.");
    public static readonly Metric Collections = new("dotnet_gc_collections_total", "counter", "Garbage collections.");
    public static readonly Metric GcPause = new("dotnet_gc_pause_time_seconds_total", "counter",
        "Time paused for collections.");
    public static readonly Metric PoolThreads = new("dotnet_thread_pool_thread_count", "gauge", "Threads of the pool.");
    public static readonly Metric PoolQueue = new("dotnet_thread_pool_queue_length", "gauge",
        "Work that waits for a pool thread.");

    /// <summary>OpenTelemetry's bucket bounds of HTTP durations, in microseconds.</summary>
    public static ReadOnlySpan<long> RequestBounds =>
    [
        5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000,
        1_000_000, 2_500_000, 5_000_000, 7_500_000, 10_000_000,
    ];

    /// <summary>The same with two finer ones in front: a queue is meant to be near zero.</summary>
    public static ReadOnlySpan<long> QueueBounds =>
    [
        1_000, 2_000, 5_000, 10_000, 25_000, 50_000, 75_000, 100_000, 250_000, 500_000, 750_000,
        1_000_000, 2_500_000, 5_000_000, 7_500_000, 10_000_000,
    ];
}
