using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

// The names in Redis, P being the prefix:
//     P:a:1:HASH             an answer, by the hash of its key (SharedTier)
//     {P:purges}:state       a hash: era, epoch (the count of purges), last (whose the newest is)
//     {P:purges}:log         a list: the newest purges, newest first
//     P:purges               the channel; a message says only that there is a purge
// The braces keep state and log in one slot, so that MULTI may change both. They have no lifetime: under a policy that
// evicts what has one (volatile-…) they stay; where they go, everything counts as purged once.

/// <summary>A Redis, or what speaks as one, as the shared store.</summary>
internal sealed class RedisStore : ISharedStore
{
    private static readonly byte[] s_era = "era"u8.ToArray();
    private static readonly byte[] s_epoch = "epoch"u8.ToArray();
    private static readonly byte[] s_last = "last"u8.ToArray();
    private static readonly byte[] s_multi = "MULTI"u8.ToArray();
    private static readonly byte[] s_exec = "EXEC"u8.ToArray();
    private static readonly byte[] s_zero = "0"u8.ToArray();

    private readonly RedisConnection _connection;
    private readonly byte[] _state;
    private readonly byte[] _log;
    private readonly byte[] _channel;
    private readonly byte[] _end;

    public RedisStore(SharedOptions options, Action<SharedMessage, string> say)
    {
        _state = Encoding.ASCII.GetBytes($"{{{options.Prefix}:purges}}:state");
        _log = Encoding.ASCII.GetBytes($"{{{options.Prefix}:purges}}:log");
        _channel = Encoding.ASCII.GetBytes($"{options.Prefix}:purges");
        // One byte more than may be: enough to see that it is too long, and to refuse it.
        _end = Number(options.ValueBytesMax);
        var log = PurgeNews.LogMax * (PurgeEntry.SelectorBytesMax + 64);
        _connection = new RedisConnection(
            new RedisSettings
            {
                Url = options.Url!,
                ConnectTimeMax = options.ConnectTimeMax,
                AnswerTimeMax = options.AnswerTimeMax,
                Patience = options.Patience,
                QueueBytesMax = options.QueueBytesMax,
                Channel = _channel,
                Replies = new RespLimits { BulkBytesMax = Math.Max(options.ValueBytesMax, log) + 4096 },
            },
            say)
        {
            WhenMessage = () => WhenNews?.Invoke(),
            WhenUp = () => WhenNews?.Invoke(),
        };
    }

    public long Connection => _connection.Number;

    public Action? WhenNews { get; set; }

    public void Start() => _connection.Start();

    public void Tick(long now) => _connection.Tick(now);

    public async Task<SharedFetch> FetchAsync(ReadOnlyMemory<byte> name)
    {
        // GETRANGE, not GET: whatever lies there, no more than an answer may have comes over the line.
        var batch = new RedisBatch()
            .Add("GETRANGE"u8.ToArray(), name, s_zero, _end)
            .Add("HMGET"u8.ToArray(), _state, s_era, s_epoch, s_last);
        var (fault, values) = await _connection.AskAsync(batch, isPatient: false).ConfigureAwait(false);
        if (fault != SharedFault.None)
            return new SharedFetch(fault, default, null);
        return values[0].Kind == RespKind.Bulk && State(values[1]) is { } page
            ? new SharedFetch(SharedFault.None, values[0].Bytes, page)
            : new SharedFetch(SharedFault.Refused, default, null);
    }

    public async Task<SharedFault> PutAsync(
        ReadOnlyMemory<byte> name, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long lifetime, long connection)
    {
        var batch = new RedisBatch().Add(
            "SET"u8.ToArray(), name, new RedisArgument(pieces), "PX"u8.ToArray(), Number(lifetime));
        return Done(await _connection.AskAsync(batch, isPatient: true, connection).ConfigureAwait(false), fromEnd: 1);
    }

    public async Task<SharedPage> ReadPurgesAsync(int entries)
    {
        var connection = _connection.Number;
        var read = new RedisArgument[] { "HMGET"u8.ToArray(), _state, s_era, s_epoch, s_last };
        var batch = entries == 0 ? new RedisBatch().Add(read) : new RedisBatch()
            .Add(s_multi)
            .Add(read)
            .Add("LRANGE"u8.ToArray(), _log, s_zero, Number(entries - 1))
            .Add(s_exec);
        var (fault, values) = await _connection.AskAsync(batch, isPatient: true, connection).ConfigureAwait(false);
        if (fault != SharedFault.None)
            return new SharedPage(fault, null, connection);
        var page = entries == 0 ? State(values[0]) : Page(values[^1], entries);
        return new SharedPage(page is null ? SharedFault.Refused : SharedFault.None, page, connection);
    }

    public async Task<SharedFault> AddPurgeAsync(PurgeEntry entry)
    {
        var bytes = entry.ToBytes();
        var batch = new RedisBatch()
            .Add(s_multi)
            .Add("HSETNX"u8.ToArray(), _state, s_era, Number(Random.Shared.NextInt64(1, long.MaxValue)))
            .Add("HINCRBY"u8.ToArray(), _state, s_epoch, "1"u8.ToArray())
            // Without its selector: each fetch reads it.
            .Add("HSET"u8.ToArray(), _state, s_last, (entry with { Selector = default }).ToBytes())
            .Add("LPUSH"u8.ToArray(), _log, bytes)
            .Add("LTRIM"u8.ToArray(), _log, s_zero, Number(PurgeNews.LogMax - 1))
            .Add(s_exec)
            .Add("PUBLISH"u8.ToArray(), _channel, s_zero);
        return Done(await _connection.AskAsync(batch, isPatient: true).ConfigureAwait(false), fromEnd: 2);
    }

    public async Task<SharedFault> BeginEraAsync(long era)
    {
        var batch = new RedisBatch()
            .Add(s_multi)
            .Add("DEL"u8.ToArray(), _state, _log)
            .Add("HSET"u8.ToArray(), _state, s_era, Number(era))
            .Add(s_exec)
            .Add("PUBLISH"u8.ToArray(), _channel, s_zero);
        return Done(await _connection.AskAsync(batch, isPatient: true).ConfigureAwait(false), fromEnd: 2);
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    /// <param name="fromEnd">
    /// Whose answer counts, 1 the last: behind EXEC, which holds one of each command, is PUBLISH, which a user may lack
    /// and the poll makes up for.
    /// </param>
    private static SharedFault Done(RedisReply reply, int fromEnd)
    {
        if (reply.Fault != SharedFault.None)
            return reply.Fault;
        var last = reply.Values[^fromEnd];
        return last.Kind == RespKind.Null || last.IsError || last.Items.Any(item => item.IsError)
            ? SharedFault.Refused : SharedFault.None;
    }

    private static PurgePage? Page(RespValue exec, int asked)
    {
        if (exec.Kind != RespKind.Array || exec.Items is not [var state, var log])
            return null;
        // What is no list is no log: the era is begun anew, which takes both away.
        if (log.IsErrorOf("WRONGTYPE"u8))
            return NoEra;
        if (log.Kind != RespKind.Array || State(state) is not { } page)
            return null;
        return page with { Newest = [.. log.Items.Select(item => item.Bytes)], Asked = asked };
    }

    private static PurgePage NoEra { get; } = new(0, 0, default);

    /// <summary>What cannot be understood is as good as none, and is begun anew; an error is none of ours.</summary>
    private static PurgePage? State(RespValue state)
    {
        if (state.IsErrorOf("WRONGTYPE"u8))
            return NoEra;
        if (state.Kind != RespKind.Array || state.Items is not [var era, var epoch, var last])
            return null;
        var count = 0L;
        return TryNumber(era, out var number) && (epoch.Kind == RespKind.Null || TryNumber(epoch, out count))
            ? new PurgePage(number, count, last.Bytes) : NoEra;
    }

    private static bool TryNumber(RespValue value, out long number) =>
        Utf8Parser.TryParse(value.Bytes.Span, out number, out var used) && used == value.Bytes.Length && number >= 0;

    private static byte[] Number(long number) => Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture));
}
