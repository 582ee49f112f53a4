using System.Net;
using System.Net.Sockets;
using System.Text;
using Weir.Core.Processes;
using Weir.EndToEnd.Support;
using Weir.Processes;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Processes;

/// <summary>What is read of a server before it runs, beside what the kernel and the server itself show.</summary>
public sealed class FoundSlotsTests
{
    public static TheoryData<string> Cases => new(ServerCase.All.Select(one => one.Name));

    [Theory]
    [MemberData(nameof(Cases))]
    public void Slots_are_found_with_no_flag_and_are_those_that_the_server_has(string name)
    {
        var one = ServerCase.All.Single(each => each.Name == name);
        RealServer.Require(one.Program);
        if (one.Program == "php-fpm") RealServer.Require("nginx");
        using var server = StartedCase.Start(one);
        var found = FoundSlots.Of(server.Line, server.Folder, server.Environment);
        Assert.Equal((one.Slots, false, ""), (found.Slots, found.IsAssumed, found.Doubt));
        if (one.Workers > 0)
        {
            // Masters bind before they have forked all of their workers.
            Eventually.True(
                () => ListenerCensus.Take(server.Leader, server.Address).Workers.Count == one.Workers,
                () => $"{one.Workers} workers: {ListenerCensus.Take(server.Leader, server.Address)}\n{server.Output}");
            if (!found.IsAsync) Assert.Equal(one.Workers, found.Workers);
        }

        if (!found.IsAsync) Assert.Equal(one.Slots, ServedAtOnce(server, one.Slots));
    }

    [Fact]
    public void Workers_that_no_file_tells_are_counted_by_the_kernel()
    {
        RealServer.Require("gunicorn");
        var one = new ServerCase("computed", "gunicorn", "gunicorn -b 127.0.0.1:$PORT app:app", 3, 3)
        {
            Files = ["gunicorn.conf.py", "workers = len('abc')\n"],
        };
        using var server = StartedCase.Start(one);
        var found = FoundSlots.Of(server.Line, server.Folder, server.Environment);
        Assert.Equal((1, SlotUnread.Workers), (found.Slots, found.Unread));
        SlotFinding Refined() => ListenerCensus.Refine(found, server.Leader, server.Address, server.Folder);
        Eventually.True(() => Refined().Workers == 3, () => Refined().ToString());
        Assert.Equal((3, false, SlotUnread.None), (Refined().Slots, Refined().IsAssumed, Refined().Unread));
    }

    [Fact]
    public void A_line_that_tells_nothing_is_told_by_the_process_that_listens()
    {
        RealServer.Require("gunicorn");
        var one = new ServerCase("hidden", "gunicorn", "./start", 2, 2)
        {
            // Python is no shell, so that what it starts cannot be read.
            Files =
            [
                "start", "#!/usr/bin/env python3\nimport os\nos.execvp('gunicorn', ['gunicorn', '-w', '2', "
                    + "'-b', '127.0.0.1:PORT', 'app:app'])\n",
            ],
        };
        using var server = StartedCase.Start(one with { Line = "chmod +x start; exec ./start" });
        var found = FoundSlots.Of("./start", server.Folder, server.Environment);
        Assert.True(found.IsAssumed);
        var refined = ListenerCensus.Refine(found, server.Leader, server.Address, server.Folder);
        Assert.Equal((2, "gunicorn"), (refined.Slots, refined.Server));
        Assert.StartsWith("-w 2 on the command line, of process ", refined.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_with_a_connection_is_busy_and_one_without_is_idle()
    {
        RealServer.Require("gunicorn");
        var one = ServerCase.All.Single(each => each.Name == "gunicorn -w 3");
        using var server = StartedCase.Start(one);
        Eventually.True(() => ListenerCensus.Take(server.Leader, server.Address).Workers.Count == 3, "three workers");
        var holders = ListenerCensus.Take(server.Leader, server.Address);
        Eventually.True(() => ListenerCensus.Busy(holders, server.Address) == 0, "none is busy");
        // Long enough to be seen by a machine that is busy with something else for seconds.
        using var first = Ask(server, 6000);
        using var second = Ask(server, 6000);
        Eventually.True(() => ListenerCensus.Busy(holders, server.Address) == 2, "two are busy");
        Eventually.True(
            () => ListenerCensus.Busy(holders, server.Address) == 0, "none is busy again", TimeSpan.FromSeconds(30));
    }

    /// <summary>
    /// Asks for more at once than there should be slots, each for a second: those answered in the first round are as
    /// many as are served at once.
    /// </summary>
    private static int ServedAtOnce(StartedCase server, int slots)
    {
        for (var warm = 0; warm < slots * 2; warm++) Read(Ask(server, 1));
        // Of several workers the kernel may give one two connections while another idles: then a later try shows it.
        var most = 0;
        for (var attempt = 0; attempt < 8 && most < slots; attempt++)
        {
            var clients = Enumerable.Range(0, slots + 3).Select(_ => Ask(server, 700)).ToList();
            var began = System.Diagnostics.Stopwatch.StartNew();
            var threads = clients.ConvertAll(client => new Answer(client, began));
            threads.ForEach(answer => answer.Join());
            var first = threads.Min(answer => answer.At);
            most = Math.Max(most, threads.Count(answer => answer.At < first + 350));
        }

        return most;
    }

    private static Socket Ask(StartedCase server, int milliseconds)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(new IPEndPoint(IPAddress.Loopback, server.Port));
        socket.Send(Encoding.ASCII.GetBytes(
            $"GET /sleep?ms={milliseconds} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
        return socket;
    }

    private static void Read(Socket socket)
    {
        var buffer = new byte[4096];
        while (socket.Receive(buffer) > 0)
        {
        }

        socket.Dispose();
    }

    private sealed class Answer
    {
        private readonly SideThread _thread;

        public Answer(Socket client, System.Diagnostics.Stopwatch began)
        {
            _thread = SideThread.Start(() =>
            {
                Read(client);
                At = began.ElapsedMilliseconds;
            });
        }

        public long At { get; private set; }

        public void Join() => _thread.Join();
    }
}
