using System.Text;

namespace Weir.Fuzz;

/// <summary>
/// Makes new inputs out of old ones: bytes changed, taken away, doubled, put in from a dictionary of what parsers
/// stumble
/// over, and two files crossed. The same seed makes the same inputs.
/// </summary>
internal sealed class Mutator(int seed)
{
    private const int LengthMax = 64 * 1024;

    private static readonly byte[][] Dictionary = new[]
    {
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", ": ", ",", ";", "\"", "\\", "_", "-", "+", "/", "#", "*", "@", "0",
        "1", "\x0B", "\x7F", "\x80", "\xFF", "\r\n\r\n", "\r\n ", "Content-Length: 5\r\n", "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n", "chunked", "identity", "gzip, ", "Host: a\r\n", "Connection: close\r\n",
        "Connection: Upgrade\r\n", "Upgrade: websocket\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
        "Expect: 100-continue\r\n", "X_Forwarded_For: 1\r\n", "HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "http://", "[::1]",
        "web: ", "worker: a\n", "$PORT", "${A:-b}", "$(a)", "`", "'", "&&", "exec ", "weir run -- ", "A=1 ", "export ",
        "A=\"b\"\n", "all=1,", "web=2", "\xEF\xBB\xBF",
        "0\r\n\r\n", "5\r\nhello\r\n", "FFFFFFFFFFFFFFFF", "7FFFFFFFFFFFFFFF", ";a=\"b\"", "ETag: x\r\n",
        "$(", "${", "$((", "}", ")", "(", "[", "]", "'", "`", "&&", "||", " | ", "sh -c ", "gunicorn ", "puma ", "-w 9",
        "--workers", "-t 9:9", "$N", "if ", " else ", "end\n", "do |x|\n", "workers ", "threads ", " = ", "ENV[",
        "os.environ.get(", "\n    ", "not ", "max(", " ? ", "\\\n", "\"\"\"", "#{",
        "\0\0\0\x08", "\0\x03\0\0", "\0\0\0\x04", "\xFF\xFF\xFF\xFF", "\x7F\xFF\xFF\xFF", "user\0", "database\0",
        "_pq_.", "options\0-c a=b\0", "n,,", "y,,", "p=", "r=", ",s=", ",i=4096", "c=biws", "v=", "==",
        "postgres://", "%2F", "%", "?host=", "&port=", "sslmode=require", "[databases]\n", "[pgbouncer]\n", "host=", "''", "%include x\n",
    }.Select(Encoding.Latin1.GetBytes).ToArray();

    private readonly Random _random = new(seed);

    public byte[] Next(IReadOnlyList<byte[]> corpus)
    {
        var bytes = new List<byte>(Pick(corpus));
        var changes = 1 + _random.Next(4);
        for (var change = 0; change < changes; change++)
            Change(bytes, corpus);
        if (bytes.Count > LengthMax)
            bytes.RemoveRange(LengthMax, bytes.Count - LengthMax);
        return bytes.ToArray();
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> corpus)
    {
        var at = _random.Next(bytes.Count + 1);
        switch (_random.Next(8))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)_random.Next(256);
                break;
            case 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 2 when at < bytes.Count:
                bytes.RemoveRange(at, Math.Min(1 + _random.Next(8), bytes.Count - at));
                break;
            case 3 when at < bytes.Count:
                var length = Math.Min(1 + _random.Next(64), bytes.Count - at);
                bytes.InsertRange(_random.Next(bytes.Count + 1), bytes.GetRange(at, length));
                break;
            case 4:
                var other = Pick(corpus);
                var cut = _random.Next(other.Length + 1);
                bytes.RemoveRange(at, bytes.Count - at);
                bytes.AddRange(other.AsSpan(cut));
                break;
            case 5:
                var repeated = Dictionary[_random.Next(Dictionary.Length)];
                for (var times = _random.Next(1, 150); times > 0 && bytes.Count < LengthMax; times--)
                    bytes.InsertRange(at, repeated);
                break;
            default:
                bytes.InsertRange(at, Dictionary[_random.Next(Dictionary.Length)]);
                break;
        }
    }

    private byte[] Pick(IReadOnlyList<byte[]> corpus) => corpus[_random.Next(corpus.Count)];
}
