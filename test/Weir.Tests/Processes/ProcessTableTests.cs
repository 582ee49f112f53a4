using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Weir.Processes;

namespace Weir.Tests.Processes;

/// <summary>What the kernel tells of processes, on lines of it and on this very process.</summary>
public sealed class ProcessTableTests
{
    private const string Line =
        "4242 (a (b) c) S 17 4242 99 0 -1 4194560 1 2 3 4 50 60 7 8 20 0 9 0 12345 1000000 2048 184467 1 1 0 0 0 0 0 0";

    [Fact]
    public void A_name_with_brackets_is_no_trouble()
    {
        var row = ProcessTable.Parse(4242, Line)!.Value;
        Assert.Equal(new ProcessRow(4242, 'S', 17, 99, 50 + 60 + 7 + 8, 9, 2048), row);
    }

    [Fact]
    public void Half_a_line_is_none()
    {
        for (var length = 0; length < Line.LastIndexOf(" 184467", StringComparison.Ordinal); length++)
            _ = ProcessTable.Parse(1, Line[..length]);
        Assert.Null(ProcessTable.Parse(1, ""));
        Assert.Null(ProcessTable.Parse(1, "1 (sh) S 1 2"));
    }

    [Fact]
    public void A_tree_holds_what_it_started()
    {
        using var child = Process.Start("sleep", "60");
        try
        {
            var table = ProcessTable.Read();
            Assert.Contains(table.TreeOf(Environment.ProcessId), row => row.Id == child.Id);
            Assert.Equal([child.Id], table.TreeOf(child.Id).Select(row => row.Id));
            var own = TreeFigures.Read(table, Environment.ProcessId);
            Assert.InRange(own.ProportionalBytes, 1 << 20, own.ResidentBytes);
            Assert.True(own.Threads > 1 && own.Processes > 1 && own.CpuSeconds > 0);
        }
        finally
        {
            child.Kill();
        }
    }

    [Theory]
    [InlineData("Pss:                1234 kB", 1234L * 1024)]
    [InlineData("Pss:", null)]
    [InlineData("Pss: many kB", null)]
    public void Kilobytes_are_read(string line, long? bytes) => Assert.Equal(bytes, TreeFigures.ParseKilobytes(line));

    [Theory]
    [InlineData("  0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  0  0 777 1", 8080, 3)]
    [InlineData("  1: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 "
        + "00:00000000 00000000  0  0 777 1", 80, 0)]
    [InlineData("  2: 0100007F:1F90 0100007F:9999 01 00000000:00000000 00:00000000 00000000  0  0 777 1", 0, 0)]
    [InlineData("  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid", 0, 0)]
    public void Listeners_are_read(string line, int port, int waiting)
    {
        var found = TcpRow.Parse(line) is { State: TcpRow.Listening } row ? row : (TcpRow?)null;
        (uint, int)? expected = port == 0 ? null : (777u, port);
        Assert.Equal(expected, found is { } listener ? (listener.Inode, listener.Port) : null);
        if (port > 0)
            Assert.Equal(waiting, found!.Value.Queued);
    }

    [Fact]
    public void Its_own_ports_and_what_waits_at_them_are_found()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(8);
        var end = (IPEndPoint)listener.LocalEndPoint!;
        Assert.Contains(end.Port, ListeningPorts.Of([Environment.ProcessId]));
        Assert.Equal(0, Listeners.Unaccepted(end.Port));
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(end);
        Assert.Equal(1, Listeners.Unaccepted(end.Port));
        listener.Accept().Dispose();
        Assert.Equal(0, Listeners.Unaccepted(end.Port));
        listener.Close();
        Assert.Equal(-1, Listeners.Unaccepted(end.Port));
    }

    [Theory]
    [InlineData("ready|one|two|three|four", "two | three | four")]
    [InlineData("starts|ImportError: x|worker ends|master ends|yes| ", "ImportError: x | worker ends | master ends")]
    [InlineData("", "")]
    public void Last_words_begin_with_the_line_that_matters(string lines, string words) =>
        Assert.Equal(words, LastWords.Of(lines.Split('|')));
}
