using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>One connection's settings.</summary>
internal sealed record RedisSettings
{
    public required RedisUrl Url { get; init; }

    /// <summary>Reaching the server, TLS and log-in together.</summary>
    public required TimeSpan ConnectTimeMax { get; init; }

    /// <summary>Without a byte either way for so long, while answers are owed, it is given up.</summary>
    public required TimeSpan AnswerTimeMax { get; init; }

    /// <summary>An oldest request older than this makes new ones late at once.</summary>
    public required TimeSpan Patience { get; init; }

    public required long QueueBytesMax { get; init; }
    public RespLimits Replies { get; init; } = new();

    /// <summary>Requests that may be owed an answer; one takes a few hundred bytes.</summary>
    public int RequestsMax { get; init; } = 8 * 1024;

    /// <summary>The channel to hear messages of; empty: none.</summary>
    public ReadOnlyMemory<byte> Channel { get; init; }

    public TimeSpan PauseMin { get; init; } = TimeSpan.FromMilliseconds(50);
    public TimeSpan PauseMax { get; init; } = TimeSpan.FromSeconds(5);
}
