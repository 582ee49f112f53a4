using System.Text;
using Weir.Core.Http;
using Weir.Edge;
using Weir.Spill;
using Weir.Tests.Support;

namespace Weir.Tests.Edge;

public sealed class Http1InputTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("weir-input");
    private readonly SpillDisk _disk;
    private readonly BlockPool _pool = new();
    private readonly WakeCounter _owner = new();

    public Http1InputTests() => _disk = new SpillDisk(new SpillOptions { Directory = _folder.FullName });

    public void Dispose()
    {
        _disk.Dispose();
        _folder.Delete(recursive: true);
    }

    public static TheoryData<string, string> Requests => new()
    {
        { "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", "hello" },
        {
            "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
            "hello"
        },
        { "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nA: b\r\n\r\n", "" },
        { "GET /a HTTP/1.1\r\nHost: a\r\n\r\n", "" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_and_the_next_head_come_in_any_two_pieces(string request, string body)
    {
        var bytes = Encoding.Latin1.GetBytes(request + "GET /next HTTP/1.1\r\nHost: b\r\n\r\n");
        for (var split = 0; split <= bytes.Length; split++)
            Read(body, [bytes[..split], bytes[split..]]);
    }

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_request_and_the_next_head_come_byte_by_byte(string request, string body) =>
        Read(body, Encoding.Latin1.GetBytes(request + "GET /next HTTP/1.1\r\nHost: b\r\n\r\n").Chunk(1));

    [Theory]
    [InlineData(10)]
    [InlineData(1_700)]
    [InlineData(1_900)]
    [InlineData(1_990)]
    [InlineData(5_000)]
    public void What_comes_beside_a_head_of_any_length_is_a_tunnels_and_leaves_the_head(int length)
    {
        var wire = new MemoryWire { Owner = _owner };
        var input = new Http1Input(wire);
        var head = new RequestHead();
        var path = "/" + new string('p', length);
        wire.Come(Encoding.Latin1.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n"));
        while (input.ReadHead(head, GateLimits.Default, out _) != HeadRead.Whole)
        {
        }

        Assert.Equal(ClientNews.Quiet, input.Watch());
        var got = new MemoryStream();
        var pieces = Enumerable.Range(0, 50).Select(piece => $"piece {piece} {new string('#', piece * 20)}").ToList();
        foreach (var piece in pieces)
        {
            wire.Come(Encoding.Latin1.GetBytes(piece));
            while (input.TryReceive(out var bytes))
                got.Write(bytes);
        }

        Assert.Equal(string.Concat(pieces), Encoding.Latin1.GetString(got.ToArray()));
        Assert.Equal(path, Encoding.Latin1.GetString(head.Path));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_950)]
    public void A_streamed_body_that_began_while_it_was_watched_comes_whole(int length)
    {
        var wire = new MemoryWire { Owner = _owner };
        var input = new Http1Input(wire);
        var head = new RequestHead();
        wire.Come(Encoding.Latin1.GetBytes(
            $"POST /{new string('p', length)} HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n"));
        while (input.ReadHead(head, GateLimits.Default, out _) != HeadRead.Whole)
        {
        }

        input.Watch();
        wire.Come(new byte[100]);
        input.Watch();
        wire.Come(new byte[8_900]);
        var store = new BodyBuffer(_pool, _disk, _owner);
        Assert.Equal(BodyRead.Whole, input.ReadBody(GateLimits.Default, store, out _));
        Assert.Equal(9_000, store.Length);
        store.Release();
    }

    [Fact]
    public void A_body_that_comes_while_only_the_end_is_looked_for_waits_for_its_reader()
    {
        var wire = new MemoryWire { Owner = _owner };
        var input = new Http1Input(wire);
        var head = new RequestHead();
        wire.Come("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"u8);
        Assert.Equal(HeadRead.Whole, input.ReadHead(head, GateLimits.Default, out _));
        var store = new BodyBuffer(_pool, _disk, _owner);
        Assert.Equal(BodyRead.Waiting, input.ReadBody(GateLimits.Default, store, out _));
        wire.Come("01234"u8);
        Assert.Equal(ClientNews.Quiet, input.Watch());
        wire.Come("56789"u8);
        Assert.Equal(BodyRead.Whole, input.ReadBody(GateLimits.Default, store, out _));
        Assert.True(store.TryPeek(out var all, out _));
        Assert.Equal("0123456789", Encoding.Latin1.GetString(all));
        store.Release();
    }

    [Fact]
    public void The_rest_of_a_refused_body_is_read_away()
    {
        var wire = new MemoryWire { Owner = _owner };
        var input = new Http1Input(wire);
        var head = new RequestHead();
        wire.Come("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n"u8);
        Assert.Equal(HeadRead.Whole, input.ReadHead(head, GateLimits.Default, out _));
        var store = new BodyBuffer(_pool, _disk, _owner);
        Assert.Equal(BodyRead.Waiting, input.ReadBody(GateLimits.Default, store, out _));
        wire.Come("01234"u8);
        Assert.False(input.TryReceive(out _));
        wire.Come("567"u8);
        Assert.True(input.TryReceive(out var rest));
        Assert.Equal("567", Encoding.Latin1.GetString(rest));
        wire.End();
        Assert.True(input.TryReceive(out rest));
        Assert.True(rest.IsEmpty);
    }

    private void Read(string body, IEnumerable<byte[]> pieces)
    {
        var wire = new MemoryWire { Owner = _owner };
        var input = new Http1Input(wire);
        var head = new RequestHead();
        var coming = new Queue<byte[]>(pieces.Where(piece => piece.Length > 0));
        while (input.ReadHead(head, GateLimits.Default, out _) is var read && read != HeadRead.Whole)
        {
            Assert.True(read is HeadRead.Idle or HeadRead.Partial, $"{read}");
            wire.Come(coming.Dequeue());
        }

        Assert.Equal("/a", Encoding.Latin1.GetString(head.Path));
        var store = new BodyBuffer(_pool, _disk, _owner);
        while (input.ReadBody(GateLimits.Default, store, out _) is var taken && taken != BodyRead.Whole)
        {
            Assert.Equal(BodyRead.Waiting, taken);
            wire.Come(coming.Dequeue());
        }

        // What comes while the request is worked on is the next head's.
        while (coming.Count > 0)
        {
            Assert.Equal(ClientNews.Quiet, input.Watch());
            wire.Come(coming.Dequeue());
        }

        Assert.Equal("/a", Encoding.Latin1.GetString(head.Path));
        Assert.Equal(body, store.TryPeek(out var all, out _) ? Encoding.Latin1.GetString(all) : "");
        store.Release();
        input.EndExchange();
        Assert.Equal(HeadRead.Whole, input.ReadHead(head, GateLimits.Default, out _));
        Assert.Equal("/next", Encoding.Latin1.GetString(head.Path));
        wire.End();
        Assert.Equal(BodyRead.Whole, input.ReadBody(GateLimits.Default, store, out _));
        input.EndExchange();
        Assert.Equal(HeadRead.Ended, input.ReadHead(head, GateLimits.Default, out _));
        Assert.Equal(0, _pool.BytesLent);
    }
}
