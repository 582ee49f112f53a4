using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Weir.Edge;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Kestrel;

public sealed class TlsTests
{
    public static TheoryData<string> Versions => ["1.1", "2.0"];

    [Theory, MemberData(nameof(Versions))]
    public async Task A_request_over_tls_reaches_the_app_as_https(string version)
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(Version.Parse(version));
        using var response = await client.GetAsync(door.Https("/headers?a=%2F..%2f"));
        var head = await response.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Version.Parse(version), response.Version);
        Assert.StartsWith("GET /headers?a=%2F..%2f HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-Proto: https\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Forwarded-For: 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Host: localhost:{door.TlsPort}\r\n", head, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("X-Request-Id"));
        Assert.Contains("1.1 weir", response.Headers.GetValues("Via"));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Uploads_of_known_and_unknown_length_arrive_with_one_content_length(string version)
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(Version.Parse(version));
        var bytes = new byte[3_000_001];
        new Random(1).NextBytes(bytes);
        var digest = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));
        foreach (var isKnown in new[] { true, false })
        {
            using HttpContent content = isKnown ? new ByteArrayContent(bytes) : new UnknownLength(bytes);
            using var response = await client.PostAsync(door.Https("/upload"), content);
            Assert.Equal($"3000001 {digest}\n", await response.Content.ReadAsStringAsync());
            using HttpContent small = isKnown ? new StringContent("abc") : new UnknownLength("abc"u8.ToArray());
            using var echo = await client.PostAsync(door.Https("/headers"), small);
            var head = await echo.Content.ReadAsStringAsync();
            Assert.Contains("Content-Length: 3\r\n", head, StringComparison.Ordinal);
            Assert.DoesNotContain("Transfer-Encoding", head, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_large_answer_comes_whole_to_a_slow_reader(string version)
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(Version.Parse(version));
        using var response = await client.GetAsync(
            door.Https("/big?bytes=8000000"), HttpCompletionOption.ResponseHeadersRead);
        // The worker is free although nobody has read yet.
        await DoorHouse.WaitUntil(() => door.Instance.Leased == 0, "the slot is free");
        var body = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal(8_000_000, body.Length);
        Assert.Equal(-1, body.AsSpan().IndexOfAnyExcept((byte)'y'));
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task Head_no_content_chunked_and_event_streams_go_through(string version)
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(Version.Parse(version));
        using var head = await client.SendAsync(new HttpRequestMessage(HttpMethod.Head, door.Https("/")));
        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal(98, head.Content.Headers.ContentLength);
        Assert.Contains("part 4", await client.GetStringAsync(door.Https("/chunked")), StringComparison.Ordinal);
        using var stream = await client.GetAsync(
            door.Https("/sse?count=2&ms=1500"), HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("data: 0", await reader.ReadLineAsync());
        // The second is not made yet, so the first was not held back.
        Assert.Equal(1, door.Instance.Leased);
        Assert.Equal("", await reader.ReadLineAsync());
        Assert.Equal("data: 1", await reader.ReadLineAsync());
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task A_cut_answer_is_seen_as_cut(string version)
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(Version.Parse(version));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => client.GetStringAsync(door.Https("/half")));
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
        await DoorHouse.WaitUntil(() => door.House.Rooms.Counters.Active == 0, "no exchange is open");
    }

    [Fact]
    public async Task Many_requests_at_once_keep_their_answers_apart()
    {
        await using var door = DoorHouse.Open();
        using var client = DoorHouse.Client(HttpVersion.Version20);
        var answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(async number =>
        {
            using var content = new StringContent($"number {number}");
            using var response = await client.PostAsync(door.Https("/echo"), content);
            return await response.Content.ReadAsStringAsync() == $"number {number}";
        }));
        Assert.DoesNotContain(false, answers);
        Assert.Equal(0, door.House.Rooms.Counters.Faults);
        await DoorHouse.WaitUntil(() => door.House.Open.Count == 0, "all streams are closed");
    }

    [Fact]
    public async Task The_name_asked_for_chooses_the_certificate()
    {
        var other = TestCertificate.Write(TemporaryFolder.Make(), "other", "other.example");
        await using var door = DoorHouse.Open(more: [other]);
        (string? Name, TestCertificate Expected)[] table =
        [
            ("localhost", door.Certificate), ("a.weir.test", door.Certificate), ("OTHER.example", other),
            ("a.b.weir.test", door.Certificate), ("nobody.example", door.Certificate), (null, door.Certificate),
        ];
        foreach (var (name, expected) in table)
            Assert.Equal(expected.Thumbprint, await ThumbprintFor(door, name));
    }

    [Fact]
    public async Task Changed_files_are_read_anew_and_a_broken_one_leaves_the_old()
    {
        await using var door = DoorHouse.Open();
        var folder = Path.GetDirectoryName(door.Certificate.CertificateFile)!;
        using var client = DoorHouse.Client(HttpVersion.Version20);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
        File.WriteAllText(door.Certificate.CertificateFile, "no certificate");
        await Task.Delay(1500);
        Assert.Equal(door.Certificate.Thumbprint, await ThumbprintFor(door, "localhost"));
        var next = TestCertificate.Write(folder, "first", "localhost");
        var served = "";
        for (var tries = 0; served != next.Thumbprint && tries < 100; tries++)
        {
            await Task.Delay(50);
            served = await ThumbprintFor(door, "localhost");
        }

        Assert.Equal(next.Thumbprint, served);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
    }

    [Fact]
    public async Task Http2_is_not_offered_where_it_is_off()
    {
        await using var door = DoorHouse.Open(
            options => options with { Edge = options.Edge with { Http2 = false } });
        await using var tls = await door.ShakeHandsAsync(
            "localhost", SslApplicationProtocol.Http2, SslApplicationProtocol.Http11);
        Assert.Equal(SslApplicationProtocol.Http11, tls.NegotiatedApplicationProtocol);
    }

    [Fact]
    public async Task Our_own_http1_is_what_speaks_behind_tls()
    {
        await using var door = DoorHouse.Open();
        await using var tls = await door.ShakeHandsAsync("localhost");
        // Kestrel would take the request; our gate refuses two lengths by its own rule, then closes.
        await tls.WriteAsync(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx"u8.ToArray());
        using var reader = new StreamReader(tls, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync();
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains("X-Weir-Code: H26", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_never_shakes_hands_is_let_go_and_harms_nobody()
    {
        await using var door = DoorHouse.Open();
        using var silent = new TcpClient();
        await silent.ConnectAsync(IPAddress.Loopback, door.TlsPort);
        using var wrong = new TcpClient();
        await wrong.ConnectAsync(IPAddress.Loopback, door.TlsPort);
        await wrong.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        var buffer = new byte[100];
        Assert.True(await ReadOrReset(wrong.GetStream(), buffer) < 100);
        using var client = DoorHouse.Client(HttpVersion.Version11);
        Assert.NotEmpty(await client.GetStringAsync(door.Https("/")));
    }

    [Fact]
    public void A_tls_address_without_certificate_does_not_open()
    {
        using var house = new House(new()
        {
            Quiet = true,
            Edge = new EdgeOptions { Listen = ["127.0.0.1:0"], ListenTls = ["127.0.0.1:0"] },
            Apps = [new() { To = ["127.0.0.1:9"] }],
        });
        var fault = Assert.Throws<FormatException>(house.Start);
        Assert.Contains("tls.certificate", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<int> ReadOrReset(NetworkStream stream, byte[] buffer)
    {
        try
        {
            return await stream.ReadAsync(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static async Task<string> ThumbprintFor(DoorHouse door, string? name)
    {
        await using var tls = await door.ShakeHandsAsync(name);
        return new X509Certificate2(tls.RemoteCertificate!).Thumbprint;
    }
}
