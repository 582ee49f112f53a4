using System.Globalization;
using System.Text;
using Weir.Core.Http;
using Weir.Spill;
using Weir.Tests.Support;
using Weir.Upstream;

namespace Weir.Tests.Upstream;

public sealed class UpstreamConnectionTests
{
    private readonly BlockPool _blocks = new();
    private readonly WakeCounter _owner = new();

    /// <summary>
    /// Answer, whether the app ends after it, method is HEAD, what the pieces must say, and whether it may be kept.
    /// </summary>
    public static TheoryData<string, bool, bool, string, bool> Answers => new()
    {
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", false, false, "200 'hello' End", true },
        { "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", false, false, "200 '' End", true },
        { "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", false, false, "304 '' End", true },
        {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: S\r\n\r\n"
                + "3\r\nhel\r\n2;e=1\r\nlo\r\n0\r\nS: 7\r\n\r\n",
            false, false, "200 'hello' End+S: 7", true
        },
        {
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi",
            false, false, "200 'hi' End", false
        },
        { "HTTP/1.1 200 OK\r\n\r\nhello", true, false, "200 'hello' End", false },
        {
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
            false, false, "103… 204 '' End", true
        },
        {
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!",
            false, false, "100… 103… 200 '!' End", true
        },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", false, true, "200 '' End", false },
        { "SSH-2.0-OpenSSH\r\n\r\n", false, false, "'' Malformed", false },
        { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", false, false, "200 '' Malformed", false },
        { "", true, false, "'' Nothing", false },
        { "HTTP/1.1 200 OK\r\nCont", true, false, "'' Interrupted", false },
        { "HTTP/1.1 103 Early Hints\r\n\r\n", true, false, "103… '' Interrupted", false },
        { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", true, false, "200 'hel' Interrupted", false },
        {
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n",
            true, false, "200 'hel' Interrupted", false
        },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_the_same_in_any_two_pieces(
        string answer, bool ends, bool isHead, string expected, bool isReusable)
    {
        for (var split = 0; split <= answer.Length; split++)
            Check([answer[..split], answer[split..]], ends, isHead, expected, isReusable);
    }

    [Theory]
    [MemberData(nameof(Answers))]
    public void An_answer_is_the_same_byte_by_byte(
        string answer, bool ends, bool isHead, string expected, bool isReusable) =>
        Check(answer.Select(letter => letter.ToString()), ends, isHead, expected, isReusable);

    [Fact]
    public void A_connection_serves_answer_after_answer()
    {
        using var peer = new UpstreamPeer(_blocks, _owner);
        for (var uses = 1; uses <= 3; uses++)
        {
            var coming = new Queue<string?>(["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"]);
            Assert.Equal("200 'hello' End", Read(peer, coming, isHead: false));
            Assert.Equal(uses, peer.Connection.Uses);
            Assert.True(peer.Connection.IsReusable);
            Assert.True(peer.Connection.BeginIdle(uses));
            Assert.True(peer.Connection.IsQuiet);
        }
    }

    [Fact]
    public void More_than_an_answer_is_never_kept()
    {
        const string answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
        using var atOnce = new UpstreamPeer(_blocks, _owner);
        Assert.Equal("200 'hello' End", Read(atOnce, new Queue<string?>([answer + "more"]), isHead: false));
        Assert.False(atOnce.Connection.IsReusable);

        using var later = new UpstreamPeer(_blocks, _owner);
        Assert.Equal("200 'hello' End", Read(later, new Queue<string?>([answer]), isHead: false));
        Assert.True(later.Connection.BeginIdle(0));
        later.SendSeen("more");
        Assert.False(later.Connection.IsQuiet);
    }

    [Fact]
    public void A_large_answer_comes_whole_and_its_blocks_come_back()
    {
        var body = string.Concat(Enumerable.Range(0, 60_000).Select(
            number => number.ToString("x4", CultureInfo.InvariantCulture)));
        using (var peer = new UpstreamPeer(_blocks, _owner))
        {
            var pieces = body.Chunk(30_011).Select(piece => new string(piece));
            var head = $"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n";
            var said = Read(peer, new Queue<string?>([head, .. pieces]), isHead: false);
            Assert.Equal($"200 '{body}' End", said);
            Assert.True(peer.Connection.BeginIdle(0));
            Assert.Equal(BlockPool.BlockBytes, _blocks.BytesLent);
        }

        Assert.Equal(0, _blocks.BytesLent);
    }

    private void Check(IEnumerable<string> pieces, bool ends, bool isHead, string expected, bool isReusable)
    {
        using var peer = new UpstreamPeer(_blocks, _owner);
        var coming = new Queue<string?>(pieces.Where(piece => piece.Length > 0));
        if (ends)
            coming.Enqueue(null);
        Assert.Equal(expected, Read(peer, coming, isHead));
        Assert.Equal(isReusable, peer.Connection.IsReusable);
    }

    /// <summary>Pulls an answer to its end and tells it in words: "103… 200 'body' End+trailers".</summary>
    private string Read(UpstreamPeer peer, Queue<string?> coming, bool isHead)
    {
        var (connection, heads, body) = (peer.Connection, new StringBuilder(), new StringBuilder());
        connection.Begin(isHead ? HttpVerb.Head : HttpVerb.Get, _owner);
        while (true)
        {
            var piece = connection.Next(GateLimits.Default);
            switch (piece)
            {
                case AnswerPiece.Waiting:
                    Assert.True(coming.TryDequeue(out var next), $"waits after {heads}'{body}'");
                    peer.SendSeen(next);
                    break;
                case AnswerPiece.Interim or AnswerPiece.Head:
                    Assert.Equal(piece == AnswerPiece.Interim, connection.Head.IsInterim);
                    heads.Append(connection.Head.Status).Append(piece == AnswerPiece.Interim ? "… " : " ");
                    if (piece == AnswerPiece.Head)
                        connection.ExpectBody();
                    break;
                case AnswerPiece.Payload:
                    Assert.True(connection.PieceCount > 0);
                    body.Append(Encoding.Latin1.GetString(
                        connection.Buffer, connection.PieceStart, connection.PieceCount));
                    break;
                default:
                    var trailers = Encoding.Latin1.GetString(connection.Trailers).TrimEnd();
                    return $"{heads}'{body}' {piece}" + (trailers.Length > 0 ? $"+{trailers}" : "");
            }
        }
    }
}
