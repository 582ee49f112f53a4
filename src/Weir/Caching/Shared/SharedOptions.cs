using System.Diagnostics.CodeAnalysis;
using System.Text;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>The shared tier's settings.</summary>
internal sealed record SharedOptions
{
    /// <summary>Null: there is no shared tier.</summary>
    public RedisUrl? Url { get; init; }

    /// <summary>Begins every name that Weir uses in the store; fleets that share a store must differ in it.</summary>
    public string Prefix { get; init; } = "weir";

    /// <summary>
    /// Seals what is stored, so that only nodes that have it can make answers; empty: who can write to the store is
    /// believed.
    /// </summary>
    public string Secret { get; init; } = "";

    /// <summary>For reaching the server and logging in.</summary>
    public TimeSpan ConnectTimeMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// What a request may lose to a server that does not answer. A store on the local network answers in 1 ms.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>After this without an answer the connection is given up.</summary>
    public TimeSpan AnswerTimeMax { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How often the count of purges is read: how late a purge can be on another node whose messages are lost.
    /// </summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Greater answers stay on their node.</summary>
    public int ValueBytesMax { get; init; } = 8 * 1024 * 1024;

    /// <summary>What may wait to be sent; beyond it answers are not stored.</summary>
    public int QueueBytesMax { get; init; } = 32 * 1024 * 1024;

    /// <summary>Nothing is kept longer, whatever its lifetime.</summary>
    public TimeSpan LifetimeMax { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Every fault, with the name of its setting.</summary>
    public IEnumerable<string> Validate()
    {
        if (Prefix.Length is 0 or > 64 || Encoding.UTF8.GetByteCount(Prefix) != Prefix.Length
            || Prefix.AsSpan().IndexOfAny('{', '}', ' ') >= 0)
            yield return "prefix: 1 to 64 ASCII characters without blanks and braces";
        if (Patience <= TimeSpan.Zero || Patience > AnswerTimeMax)
            yield return "patience: more than nothing, and at most the time for an answer";
        if (ConnectTimeMax <= TimeSpan.Zero || PollEvery <= TimeSpan.Zero || LifetimeMax <= TimeSpan.Zero)
            yield return "times: more than nothing";
        if (ValueBytesMax is < 1024 or > 256 * 1024 * 1024)
            yield return "value-bytes-max: 1 KiB to 256 MiB";
        if (QueueBytesMax < ValueBytesMax)
            yield return "queue-bytes-max: at least one value";
    }

    /// <summary>Records print themselves; a secret must not be in that.</summary>
    [SuppressMessage("Performance", "CA1822", Justification = "The record's own shape.")]
    private bool PrintMembers(StringBuilder into)
    {
        into.Append("Url = ").Append(Url?.Shown);
        return true;
    }
}
