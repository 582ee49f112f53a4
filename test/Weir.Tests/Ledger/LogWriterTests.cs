using System.Text;
using Weir.Ledger;

namespace Weir.Tests.Ledger;

public sealed class LogWriterTests
{
    [Fact]
    public void Lines_come_out_in_order()
    {
        var to = new MemoryStream();
        using (var log = new LogWriter(to))
        {
            for (var i = 0; i < 1_000; i++)
                log.Append(Encoding.ASCII.GetBytes(i + "\n"));
        }
        var lines = Encoding.ASCII.GetString(to.ToArray()).TrimEnd().Split('\n');
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => i.ToString()), lines);
    }

    [Fact]
    public void A_reader_that_stalls_costs_lines_and_stops_no_writer()
    {
        var to = new StallingStream();
        var log = new LogWriter(to, bytesMax: 100);
        log.Append("first line\n"u8);
        to.Entered.Wait(TestContext.Current.CancellationToken);
        for (var i = 0; i < 50; i++)
            log.Append("0123456789\n"u8);
        Assert.Equal(41, log.Dropped);
        to.Gate.Set();
        log.Dispose();
        var written = Encoding.ASCII.GetString(to.Written.ToArray());
        Assert.Equal(9, written.Split("0123456789\n").Length - 1);
        Assert.Contains("\nweir: log lines were dropped while the log's reader stalled dropped=41\n", written);
    }

    [Fact]
    public void A_ledger_goes_on_counting_while_its_log_stalls()
    {
        var to = new StallingStream();
        var log = new LogWriter(to, bytesMax: 4096);
        var ledger = new ExchangeLedger(new(), log);
        for (var i = 0; i < 1_000; i++)
            ledger.Write(Entries.Plain());
        Assert.Equal(1_000, ledger.Totals().Exchanges);
        Assert.True(ledger.LogDropped > 900);
        to.Gate.Set();
        log.Dispose();
    }

    [Fact]
    public void A_broken_pipe_loses_lines_and_counts_them()
    {
        var to = new BrokenStream();
        using (var log = new LogWriter(to))
        {
            log.Append("one\ntwo\n"u8);
            to.Entered.Wait(TestContext.Current.CancellationToken);
            log.Dispose();
            Assert.Equal(2, log.Dropped);
        }
    }

    [Fact]
    public void A_line_after_the_end_harms_nobody()
    {
        var log = new LogWriter(new MemoryStream());
        log.Dispose();
        log.Append("late\n"u8);
    }

    [Fact]
    public void Off_means_no_writer() => Assert.Null(LogWriter.Open(new() { Log = LogFormat.Off }));

    [Fact]
    public void A_file_is_appended_to()
    {
        var file = Path.Combine(Path.GetTempPath(), "weir-log-" + Guid.NewGuid().ToString("n"));
        try
        {
            File.WriteAllText(file, "old\n");
            using (var log = LogWriter.Open(new() { File = file })!)
                log.Append("new\n"u8);
            Assert.Equal("old\nnew\n", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_viewer_gets_lines_also_where_no_log_is_kept()
    {
        var ledger = new ExchangeLedger(new() { Log = LogFormat.Off });
        var viewer = ledger.Tail.Join()!;
        ledger.Write(Entries.Plain());
        Assert.StartsWith("at=info ", Encoding.ASCII.GetString(viewer.Take().Span));
        ledger.Tail.Leave(viewer);
        Assert.False(ledger.Tail.HasViewers);
    }

    [Fact]
    public void Viewers_are_limited()
    {
        var tail = new LogTail();
        var viewers = Enumerable.Range(0, LogTail.ViewersMax).Select(_ => tail.Join()).ToList();
        Assert.DoesNotContain(null, viewers);
        Assert.Null(tail.Join());
    }

    [Fact]
    public void A_slow_viewer_loses_lines_only_for_itself()
    {
        var tail = new LogTail();
        var (slow, quick) = (tail.Join()!, tail.Join()!);
        var line = new byte[LogTail.ViewerBytesMax];
        tail.Append(line);
        quick.Take();
        tail.Append(line);
        Assert.Equal((1, 0), (slow.Dropped, quick.Dropped));
    }

    private sealed class StallingStream : StreamFake
    {
        public ManualResetEventSlim Gate { get; } = new();

        public MemoryStream Written { get; } = new();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Entered.Set();
            Gate.Wait();
            Written.Write(buffer);
        }
    }

    private sealed class BrokenStream : StreamFake
    {
        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Entered.Set();
            throw new IOException("Broken pipe");
        }
    }

    private abstract class StreamFake : Stream
    {
        public ManualResetEventSlim Entered { get; } = new();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => 0;
        public override long Position { get; set; }
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
