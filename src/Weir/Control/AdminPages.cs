using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Weir.Ledger;

namespace Weir.Control;

/// <summary>What the admin API answers, page by page.</summary>
/// <param name="ledger">Null: this Weir serves no requests.</param>
internal sealed class AdminPages(ControlActs acts, ExchangeLedger? ledger, CancellationToken stopping)
{
    private static readonly TimeSpan FrameEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LinesEvery = TimeSpan.FromMilliseconds(100);

    public Task AnswerAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        var parts = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (HttpMethods.IsGet(context.Request.Method))
            return ShowAsync(context, parts);
        return HttpMethods.IsPost(context.Request.Method)
            ? ActAsync(context, parts)
            : ReplyAsync(context, StatusCodes.Status405MethodNotAllowed, new(false, "only GET and POST here"));
    }

    public static Task ReplyAsync(HttpContext context, int status, ActReply reply)
    {
        context.Response.StatusCode = status;
        var body = JsonSerializer.SerializeToUtf8Bytes(reply, ControlJson.Default.ActReply);
        return SendAsync(context, "application/json", body);
    }

    private Task ShowAsync(HttpContext context, string[] parts)
    {
        switch (parts)
        {
            case ["status"]:
                return SendAsync(context, "application/json", StatusJson());
            case ["metrics"]:
                var metrics = PrometheusText.Write(ledger?.Totals(), TakeSnapshot());
                return SendAsync(context, "text/plain; version=0.0.4; charset=utf-8", Encoding.UTF8.GetBytes(metrics));
            case ["healthz"]:
                return HealthAsync(context);
            case ["dump"]:
                var dump = DumpWriter.Write(TakeSnapshot(), acts.Settings(), ledger);
                return SendAsync(context, "application/json", dump);
            case ["events"]:
                return StreamEventsAsync(context);
            case ["logs"]:
                return ledger is not null ? StreamLogsAsync(context, ledger.Tail)
                    : ReplyAsync(context, StatusCodes.Status409Conflict,
                        new(false, "a weir pool serves no requests, so it has no ledger to follow"));
            default:
                return ReplyAsync(context, StatusCodes.Status404NotFound,
                    new(false, "no such page: /status /metrics /healthz /events /logs /dump"));
        }
    }

    private Task ActAsync(HttpContext context, string[] parts)
    {
        switch (parts)
        {
            case ["bypass", var part, "on"]:
                return DoneAsync(context, acts.Bypass(part, true));
            case ["bypass", var part, "off"]:
                return DoneAsync(context, acts.Bypass(part, false));
            case ["purge", var scope, "soft" or "hard"]:
                var query = context.Request.Query;
                return DoneAsync(context, acts.Purge(
                    scope, query["text"].ToString(), parts[2], query.ContainsKey("dry")));
            case ["warm"] or ["warm", _]:
                var isDry = context.Request.Query.ContainsKey("dry");
                return DoneAsync(context, acts.Warm(parts.Length > 1 ? Uri.UnescapeDataString(parts[1]) : "", isDry));
            case ["drain", var instance]:
                return DoneAsync(context, acts.Drain(instance));
            case ["restart"]:
                return DoneAsync(context, acts.Restart());
            case ["scale", var counts]:
                return DoneAsync(context, acts.Scale(counts));
            case ["pause"]:
                return DoneAsync(context, acts.Pause());
            case ["resume"]:
                return DoneAsync(context, acts.Resume());
            case ["reload"]:
                return DoneAsync(context, acts.Reload());
            default:
                return ReplyAsync(context, StatusCodes.Status404NotFound,
                    new(false, "no such act: /bypass/PART/on|off /drain/INSTANCE /restart /scale/TYPE=N /pause /resume "
                        + "/reload /purge/SCOPE/soft|hard?text= /warm[/APP]"));
        }
    }

    private HouseSnapshot TakeSnapshot()
    {
        var house = acts.Snapshot();
        if (ledger is null)
            return house;
        var totals = ledger.Totals();
        return house with
        {
            LogDropped = ledger.LogDropped,
            Apps = [.. house.Apps.Select(app => totals.Of(app.Name) is { } tally
                ? app with { Counts = AppCounts.Of(tally) }
                : app)],
        };
    }

    private byte[] StatusJson() =>
        JsonSerializer.SerializeToUtf8Bytes(TakeSnapshot(), ControlJson.Default.HouseSnapshot);

    private Task HealthAsync(HttpContext context)
    {
        var isStopping = acts.Snapshot().IsStopping;
        context.Response.StatusCode = isStopping ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK;
        return SendAsync(context, "text/plain", isStopping ? "stopping\n"u8.ToArray() : "ok\n"u8.ToArray());
    }

    private static async Task DoneAsync(HttpContext context, Task<string?> act) =>
        await DoneAsync(context, await act.ConfigureAwait(false)).ConfigureAwait(false);

    private static Task DoneAsync(HttpContext context, string? error) =>
        DoneAsync(context, new ActReply(error is null, error));

    private static Task DoneAsync(HttpContext context, ActReply reply) =>
        ReplyAsync(context, reply.Ok ? StatusCodes.Status200OK : StatusCodes.Status409Conflict, reply);

    private static async Task SendAsync(HttpContext context, string type, byte[] body)
    {
        context.Response.ContentType = type;
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>
    /// A snapshot a second. The next is taken when the viewer has the last, so a slow one misses frames.
    /// </summary>
    private Task StreamEventsAsync(HttpContext context) => StreamAsync(context, async (body, cancel) =>
    {
        for (var frame = 1L; ; frame++)
        {
            await body.WriteAsync(Encoding.ASCII.GetBytes($"id: {frame}\ndata: "), cancel).ConfigureAwait(false);
            await body.WriteAsync(StatusJson(), cancel).ConfigureAwait(false);
            await body.WriteAsync("\n\n"u8.ToArray(), cancel).ConfigureAwait(false);
            await body.FlushAsync(cancel).ConfigureAwait(false);
            await Task.Delay(FrameEvery, cancel).ConfigureAwait(false);
        }
    });

    private async Task StreamLogsAsync(HttpContext context, LogTail tail)
    {
        var lines = tail.Join();
        if (lines is null)
        {
            await ReplyAsync(context, StatusCodes.Status503ServiceUnavailable,
                new(false, "too many follow the log already: end another `weir logs`")).ConfigureAwait(false);
            return;
        }
        try
        {
            await StreamAsync(context, (body, cancel) => SendLinesAsync(lines, body, cancel)).ConfigureAwait(false);
        }
        finally
        {
            tail.Leave(lines);
        }
    }

    private static async Task SendLinesAsync(LineBuffer lines, Stream body, CancellationToken cancel)
    {
        long told = 0;
        while (true)
        {
            var taken = lines.Take();
            var frames = new MemoryStream(taken.Length + 64);
            foreach (var range in taken.Span.TrimEnd((byte)'\n').Split((byte)'\n'))
            {
                if (taken.IsEmpty)
                    break;
                frames.Write("data: "u8);
                frames.Write(taken.Span[range]);
                frames.Write("\n\n"u8);
            }
            if (lines.Dropped > told)
            {
                frames.Write(Encoding.ASCII.GetBytes($"event: dropped\ndata: {lines.Dropped - told}\n\n"));
                told = lines.Dropped;
            }
            await body.WriteAsync(frames.GetBuffer().AsMemory(0, (int)frames.Length), cancel).ConfigureAwait(false);
            await body.FlushAsync(cancel).ConfigureAwait(false);
            await Task.Delay(LinesEvery, cancel).ConfigureAwait(false);
        }
    }

    private async Task StreamAsync(HttpContext context, Func<Stream, CancellationToken, Task> send)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        context.Response.ContentType = "text/event-stream";
        try
        {
            await context.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            await send(context.Response.Body, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The viewer left, or Weir stops: both end a stream as it should end.
        }
    }
}
