using System.Buffers;
using System.Threading.Channels;
using Weir.Beat;
using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

// One connection that is logged in, until it breaks. Requests go out in the order they are asked, and a server answers
// in the order it got them, so the first value that comes is the first request's.
//
// Invariants
//   1. _owed holds every request without all its values, in order; who is in it is ended exactly once: by its last
//      value, by its deadline (and stays, so that its values find their place) or by the break.
//   2. After the break nothing is added.
//   3. Continuations of askers never run here: their tasks run them on the thread pool.

/// <summary>Pipelined requests over one stream.</summary>
internal sealed class RedisLine(RedisLogin login, RedisSettings settings, long number, Action whenMessage)
{
    /// <summary>A piece of this size goes out from where it is.</summary>
    private const int DirectBytes = 16 * 1024;

    private const int FlushBytes = 64 * 1024;
    private const int ReceiveBytes = 32 * 1024;

    /// <summary>A server that drips keeps a request no longer than so many times the longest silence.</summary>
    private const int DripFactor = 10;

    private readonly Lock _lock = new();
    private readonly Stream _stream = login.Stream;
    private readonly LinkedList<RedisRequest> _owed = new();
    private readonly Channel<RedisRequest> _toSend =
        Channel.CreateUnbounded<RedisRequest>(new UnboundedChannelOptions { SingleReader = true });

    private readonly ArrayBufferWriter<byte> _out = new(FlushBytes);
    private long _waitingBytes;
    private long _movedAt = Clock.Now;
    private bool _isBroken;
    private string _why = "the server closed the connection";

    public long Number => number;

    /// <summary>Starts a request, or says why it cannot be.</summary>
    public SharedFault Ask(RedisRequest request)
    {
        lock (_lock)
        {
            if (_isBroken)
                return SharedFault.Down;
            if (_owed.Count >= settings.RequestsMax || _waitingBytes + request.Batch.Bytes > settings.QueueBytesMax)
                return SharedFault.Full;
            if (request.Deadline != long.MaxValue && _owed.First is { } first
                && request.AskedAt - first.Value.AskedAt > Clock.Micros(settings.Patience))
                return SharedFault.Late;
            _waitingBytes += request.Batch.Bytes;
            _owed.AddLast(request);
            // Under the lock, so that the two orders are one.
            _toSend.Writer.TryWrite(request);
        }

        return SharedFault.None;
    }

    /// <summary>Ends what is late.</summary>
    public void Tick(long now)
    {
        string? why = null;
        lock (_lock)
        {
            if (_owed.First is not { } first)
                return;
            for (var at = first; at is not null; at = at.Next)
            {
                if (at.Value.Deadline <= now)
                    at.Value.End(SharedFault.Late);
            }

            var silence = now - Math.Max(Volatile.Read(ref _movedAt), first.Value.AskedAt);
            if (silence > Clock.Micros(settings.AnswerTimeMax))
                why = "no answer in time";
            else if (now - first.Value.AskedAt > Clock.Micros(settings.AnswerTimeMax) * DripFactor)
                why = "an answer that takes for ever";
        }

        if (why is not null)
            Break(why);
    }

    /// <summary>Until it breaks; says why.</summary>
    public async Task<string> RunAsync()
    {
        var sending = SendAllAsync();
        await ReceiveAllAsync().ConfigureAwait(false);
        Break(_why);
        await sending.ConfigureAwait(false);
        await _stream.DisposeAsync().ConfigureAwait(false);
        return _why;
    }

    /// <summary>Every request that is owed an answer ends as cut.</summary>
    public void Break(string why)
    {
        lock (_lock)
        {
            if (_isBroken)
                return;
            _isBroken = true;
            _why = why;
            foreach (var request in _owed)
                request.End(SharedFault.Cut);
            _owed.Clear();
            _toSend.Writer.TryComplete();
        }

        // Not here: what it cuts short would go on on this thread, which may be the heartbeat's.
        ThreadPool.UnsafeQueueUserWorkItem(static stream => stream.Dispose(), _stream, preferLocal: false);
    }

    private async Task SendAllAsync()
    {
        try
        {
            while (await _toSend.Reader.WaitToReadAsync().ConfigureAwait(false))
            {
                while (_toSend.Reader.TryRead(out var request))
                    await SendAsync(request).ConfigureAwait(false);
                await FlushAsync().ConfigureAwait(false);
            }
        }
        catch (Exception fault) when (RedisLogin.IsBreak(fault))
        {
            Break(fault.Message);
        }
    }

    private async Task SendAsync(RedisRequest request)
    {
        lock (_lock)
            request.IsSent = true;
        foreach (var command in request.Batch.Commands)
        {
            RespWriter.Command(_out, command.Length);
            foreach (var argument in command)
            {
                RespWriter.Header(_out, (byte)'$', argument.Bytes);
                for (var index = 0; index < argument.Count; index++)
                    await SendAsync(argument[index]).ConfigureAwait(false);
                _out.Write("\r\n"u8);
            }
        }

        lock (_lock)
            _waitingBytes -= request.Batch.Bytes;
        if (_out.WrittenCount >= FlushBytes)
            await FlushAsync().ConfigureAwait(false);
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> piece)
    {
        if (piece.Length < DirectBytes)
        {
            _out.Write(piece.Span);
            return;
        }

        await FlushAsync().ConfigureAwait(false);
        // In parts, so that each shows that the line still moves.
        for (; !piece.IsEmpty; piece = piece[Math.Min(piece.Length, FlushBytes)..])
        {
            await _stream.WriteAsync(piece[..Math.Min(piece.Length, FlushBytes)]).ConfigureAwait(false);
            Volatile.Write(ref _movedAt, Clock.Now);
        }
    }

    private async ValueTask FlushAsync()
    {
        if (_out.WrittenCount == 0)
            return;
        await _stream.WriteAsync(_out.WrittenMemory).ConfigureAwait(false);
        Volatile.Write(ref _movedAt, Clock.Now);
        _out.ResetWrittenCount();
    }

    private async Task ReceiveAllAsync()
    {
        var buffer = new byte[ReceiveBytes];
        try
        {
            while (true)
            {
                var received = await _stream.ReadAsync(buffer).ConfigureAwait(false);
                // Off the thread that tells of sockets, should this process ever run completions on it.
                await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                if (received == 0)
                    return;
                Volatile.Write(ref _movedAt, Clock.Now);
                if (!Take(buffer.AsSpan(0, received)))
                {
                    Break("the server speaks no RESP, or beyond its limits");
                    return;
                }
            }
        }
        catch (Exception fault) when (RedisLogin.IsBreak(fault))
        {
            Break(fault.Message);
        }
    }

    private bool Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            switch (login.Reader.Read(ref bytes, out var value))
            {
                case RespRead.Broken:
                    return false;
                case RespRead.More:
                    return true;
            }

            if (value!.Kind == RespKind.Push)
            {
                if (value.Items is [var kind, ..] && kind.Is("message"u8))
                    whenMessage();
            }
            else if (!Take(value))
            {
                return false;
            }
        }

        return true;
    }

    private bool Take(RespValue value)
    {
        lock (_lock)
        {
            // A value that answers nothing that was sent: what follows cannot be matched either.
            if (_owed.First?.Value is not { IsSent: true } first)
                return _isBroken;
            if (first.Take(value))
            {
                _owed.RemoveFirst();
                first.End(SharedFault.None);
            }

            return true;
        }
    }
}
