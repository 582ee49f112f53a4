using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Weir.Control;
using Weir.Processes;

namespace Weir.Verbs;

/// <summary>Speaks to a running Weir's admin API: the one named, or the newest of this user's.</summary>
internal sealed class AdminClient : IDisposable
{
    /// <summary>How long one look or act may take. 10 s: a reload re-reads certificates.</summary>
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>
    /// For an act that waits for instances to boot and to drain: their own limits end it long before.
    /// </summary>
    public static readonly TimeSpan LongActMax = TimeSpan.FromMinutes(30);

    private readonly HttpClient _http;

    private AdminClient(string? socket, Uri address, string where)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, ConnectTimeout = TimeSpan.FromSeconds(5) };
        if (socket is not null)
            handler.ConnectCallback = (_, cancel) => ConnectAsync(socket, cancel);
        _http = new(handler) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        var token = Environment.GetEnvironmentVariable("WEIR_ADMIN_TOKEN");
        if (socket is null && !string.IsNullOrEmpty(token))
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        Where = where;
    }

    /// <summary>The address that it speaks to, for messages.</summary>
    public string Where { get; }

    /// <summary>Finds the Weir to speak to.</summary>
    /// <param name="admin">
    /// As the setting <c>admin</c>; null = the newest Weir of this user that has a front door, else the newest pooler.
    /// </param>
    /// <exception cref="AdminException">There is none, or the address is none.</exception>
    public static AdminClient Open(string? admin, string? directory = null)
    {
        if (admin is null)
        {
            var running = Running(directory ?? RuntimeDirectory.Path());
            if (running.Count == 0)
                throw new AdminException("no running Weir found: start one, or name it with --admin ADDR");
            var newest = running[0];
            return newest.Socket.Length > 0
                ? new(newest.Socket, new("http://localhost/"), newest.Socket)
                : new(null, new($"http://{newest.Admin}/"), newest.Admin);
        }
        var address = AdminAddress.Parse(admin);
        if (address?.Unix is { } socket)
            return new(socket, new("http://localhost/"), socket);
        return address?.Tcp is { } tcp
            ? new(null, new($"http://{tcp}/"), tcp.ToString())
            : throw new AdminException($"--admin '{admin}' is neither host:port nor unix:/path");
    }

    /// <summary>
    /// This user's running Weirs, the newest first, poolers without a front door behind them; what a dead one left is
    /// passed over.
    /// </summary>
    public static IReadOnlyList<RunningWeir> Running(string directory)
    {
        var found = new List<RunningWeir>();
        if (!Directory.Exists(directory))
            return found;
        foreach (var file in Directory.EnumerateFiles(directory, "weir-*.json"))
        {
            try
            {
                var weir = JsonSerializer.Deserialize(File.ReadAllBytes(file), ControlJson.Default.RunningWeir);
                if (weir is not null && Directory.Exists($"/proc/{weir.Pid}"))
                    found.Add(weir);
            }
            catch (Exception fault) when (fault is IOException or JsonException or UnauthorizedAccessException)
            {
                // Half written or just gone: not one to speak to.
            }
        }
        return [.. found.OrderBy(weir => weir.IsPool).ThenByDescending(weir => weir.Started)];
    }

    /// <exception cref="AdminException">It does not answer, or refuses.</exception>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancel = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(AnswerMax);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token, cancel)
            .ConfigureAwait(false);
        return await response.Content.ReadAsByteArrayAsync(limit.Token).ConfigureAwait(false);
    }

    /// <returns>What is to be known of the act; null where nothing is.</returns>
    /// <exception cref="AdminException">It does not answer, or refuses.</exception>
    /// <param name="max">How long it may take; 10 s where not given.</param>
    public async Task<string?> PostAsync(string path, TimeSpan? max = null, CancellationToken cancel = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(max ?? AnswerMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseContentRead, limit.Token, cancel)
            .ConfigureAwait(false);
        return (await ReadReplyAsync(response, limit.Token).ConfigureAwait(false))?.Note;
    }

    /// <summary>The data of each server-sent event, until the stream ends.</summary>
    /// <exception cref="AdminException">It does not answer, or refuses.</exception>
    public async IAsyncEnumerable<(string Kind, string Data)> FollowAsync(
        string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel, cancel)
            .ConfigureAwait(false);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false));
        var kind = "";
        while (await reader.ReadLineAsync(cancel).ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                kind = line[7..];
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
                yield return (kind, line[6..]);
            else if (line.Length == 0)
                kind = "";
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, HttpCompletionOption until, CancellationToken limit, CancellationToken cancel)
    {
        try
        {
            var response = await _http.SendAsync(request, until, limit).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
                return response;
            using (response)
                throw new AdminException(await ReadErrorAsync(response, limit).ConfigureAwait(false));
        }
        catch (HttpRequestException fault)
        {
            throw new AdminException($"no answer from {Where} ({fault.InnerException?.Message ?? fault.Message}): "
                + "is that Weir running? `--admin ADDR` names another");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new AdminException($"{Where} took longer than {AnswerMax.TotalSeconds:0} s: look at its log");
        }
    }

    private static async Task<ActReply?> ReadReplyAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancel).ConfigureAwait(false);
        try
        {
            return JsonSerializer.Deserialize(body, ControlJson.Default.ActReply);
        }
        catch (JsonException)
        {
            // Not a Weir's answer; the status must do.
            return null;
        }
    }

    private static async Task<string> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        var reply = await ReadReplyAsync(response, cancel).ConfigureAwait(false);
        return reply?.Error ?? $"answered {(int)response.StatusCode}: is that a Weir's admin address?";
    }

    private static async ValueTask<Stream> ConnectAsync(string path, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
