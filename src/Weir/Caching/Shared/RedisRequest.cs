using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>A batch on its way. Its asker may be told that it is late; its values are still taken off the line
/// then.</summary>
internal sealed class RedisRequest
{
    private readonly TaskCompletionSource<RedisReply> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RespValue[] _values;
    private int _count;

    /// <param name="now">On the house's clock.</param>
    /// <param name="deadline">When its asker is told that it is late; long.MaxValue: never.</param>
    public RedisRequest(RedisBatch batch, long now, long deadline)
    {
        (Batch, AskedAt, Deadline) = (batch, now, deadline);
        _values = new RespValue[batch.Commands.Count];
    }

    public RedisBatch Batch { get; }
    public long AskedAt { get; }
    public long Deadline { get; }
    public Task<RedisReply> Done => _done.Task;
    public bool IsDone => _done.Task.IsCompleted;

    /// <summary>Set by the writer; a value before that is nobody's.</summary>
    public bool IsSent { get; set; }

    /// <summary>True with the last one.</summary>
    public bool Take(RespValue value)
    {
        _values[_count++] = value;
        return _count == _values.Length;
    }

    public void End(SharedFault fault) =>
        _done.TrySetResult(new RedisReply(fault, fault == SharedFault.None ? _values : []));
}
