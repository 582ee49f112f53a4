using System.Buffers.Binary;
using Weir.Wires;

namespace Weir.Processes;

/// <summary>
/// How many connections wait in a listener's accept queue, asked of the kernel by sock_diag(7): one call a sample, no
/// list of all sockets, nothing allocated. Where the kernel has no sock_diag, TCP falls back on /proc/net/tcp.
/// </summary>
internal sealed unsafe class AcceptQueues : IDisposable
{
    private const int NetlinkFamily = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int SockDiag = 4;
    private const ushort ByFamily = 20;
    private const ushort Done = 3;
    private const ushort Request = 1;
    private const ushort Dump = 0x300;
    private const uint ListenState = 1u << 10;
    private const int HeadBytes = 16;
    private const int InetRequestBytes = 56;
    private const int UnixRequestBytes = 24;
    private const uint ShowQueueLength = 0x10;
    private const ushort QueueLengthAttribute = 4;
    private const int MessageBytesMax = 8 * 1024;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, uint> _inodes = [];
    private int _socket = Kernel.Socket(NetlinkFamily, RawCloseOnExec, SockDiag);

    /// <summary>Un-accepted connections; −1 where nobody listens there, or the kernel does not tell.</summary>
    /// <param name="address">"127.0.0.1:5000", "[::1]:5000" or "unix:/path".</param>
    public int Waiting(string address)
    {
        lock (_lock)
        {
            if (Listeners.PortOf(address) is not { } port)
                return OfUnix(address);
            var four = _socket < 0 ? -1 : OfPort(port, family: 2);
            var six = _socket < 0 ? -1 : OfPort(port, family: 10);
            if (four < 0 && six < 0)
                return Listeners.Unaccepted(port) ?? -1;
            return Math.Max(four, 0) + Math.Max(six, 0);
        }
    }

    /// <summary>Forgets an instance that has gone.</summary>
    public void Forget(string address)
    {
        lock (_lock)
            _inodes.Remove(address);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_socket >= 0)
                _ = Kernel.Close(_socket);
            _socket = -1;
        }
    }

    private int OfUnix(string address)
    {
        if (_socket < 0)
            return -1;
        if (_inodes.TryGetValue(address, out var known) && OfInode(known) is var queued and >= 0)
            return queued;
        // Bound anew, or never seen: its number is looked up in the list of all unix sockets.
        var inodes = Listeners.Inodes(address);
        if (inodes.Count == 0)
        {
            _inodes.Remove(address);
            return -1;
        }

        _inodes[address] = inodes[^1];
        return OfInode(inodes[^1]);
    }

    /// <summary>inet_diag_req_v2 as a dump of listeners with this port; their rqueue is the accept queue.</summary>
    private int OfPort(int port, byte family)
    {
        var message = stackalloc byte[HeadBytes + InetRequestBytes];
        var request = Head(message, InetRequestBytes, Dump);
        request[0] = family;
        const byte tcp = 6;
        request[1] = tcp;
        Put(request[4..], ListenState);
        BinaryPrimitives.WriteUInt16BigEndian(request[8..], (ushort)port);
        if (!Send(message, HeadBytes + InetRequestBytes))
            return -1;
        return ReadAll(static (body, port) =>
        {
            // inet_diag_msg: family, state, timer, retransmits, then the ports; rqueue stands behind id and expires.
            const int queueAt = 56;
            var isOurs = body.Length >= queueAt + 4 && BinaryPrimitives.ReadUInt16BigEndian(body[4..]) == port;
            return isOurs ? (int)Get(body[queueAt..]) : -1;
        }, port);
    }

    /// <summary>unix_diag_req for one socket; a listener's RQLEN is the length of its accept queue.</summary>
    private int OfInode(uint inode)
    {
        var message = stackalloc byte[HeadBytes + UnixRequestBytes];
        var request = Head(message, UnixRequestBytes, 0);
        const byte unix = 1;
        request[0] = unix;
        Put(request[4..], ListenState);
        Put(request[8..], inode);
        Put(request[12..], ShowQueueLength);
        // No cookie: the number is enough.
        Put(request[16..], uint.MaxValue);
        Put(request[20..], uint.MaxValue);
        if (!Send(message, HeadBytes + UnixRequestBytes))
            return -1;
        return ReadAll(static (body, _) =>
        {
            const int attributesAt = 16;
            for (var at = attributesAt; at + 8 <= body.Length;)
            {
                var length = BinaryPrimitives.ReadUInt16LittleEndian(body[at..]);
                if (BinaryPrimitives.ReadUInt16LittleEndian(body[(at + 2)..]) == QueueLengthAttribute)
                    return (int)Get(body[(at + 4)..]);
                at += Math.Max(4, (length + 3) & ~3);
            }

            return -1;
        }, 0);
    }

    private delegate int MessageReader(ReadOnlySpan<byte> body, int port);

    /// <summary>The sum over all messages of an answer; −1 where none tells.</summary>
    private int ReadAll(MessageReader read, int port)
    {
        var buffer = stackalloc byte[MessageBytesMax];
        var sum = -1;
        while (true)
        {
            var count = (int)Kernel.Receive(_socket, buffer, MessageBytesMax, Kernel.ReceiveFlags);
            if (count < HeadBytes)
                return sum;
            var isDump = false;
            for (var at = 0; at + HeadBytes <= count;)
            {
                var head = new ReadOnlySpan<byte>(buffer + at, count - at);
                var length = (int)Get(head);
                var kind = BinaryPrimitives.ReadUInt16LittleEndian(head[4..]);
                if (kind != ByFamily || length < HeadBytes || length > head.Length)
                    return kind == Done ? sum : Math.Max(sum, -1);
                const ushort multi = 2;
                isDump |= (BinaryPrimitives.ReadUInt16LittleEndian(head[6..]) & multi) != 0;
                if (read(head[HeadBytes..length], port) is var one and >= 0)
                    sum = Math.Max(sum, 0) + one;
                at += (length + 3) & ~3;
            }

            // An answer to a dump ends with a message that says so; that to a question about one socket does not.
            if (!isDump)
                return sum;
        }
    }

    private bool Send(byte* message, int count)
    {
        // What an earlier question left unread would be taken for this one's answer.
        var scrap = stackalloc byte[HeadBytes];
        while (Kernel.Receive(_socket, scrap, HeadBytes, Kernel.ReceiveFlags) > 0)
        {
        }

        return Kernel.Send(_socket, message, count, 0) == count;
    }

    private static Span<byte> Head(byte* message, int bodyBytes, ushort flags)
    {
        var bytes = new Span<byte>(message, HeadBytes + bodyBytes);
        bytes.Clear();
        Put(bytes, (uint)bytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[4..], ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)(Request | flags));
        return bytes[HeadBytes..];
    }

    private static void Put(Span<byte> bytes, uint number) => BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);

    private static uint Get(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
