using System.Text;
using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class OutputMuxTests
{
    [Theory]
    [InlineData("one\ntwo\n", "web.1  | one\nweb.1  | two\n")]
    [InlineData("one\r\ntwo", "web.1  | one\nweb.1  | two\n")]
    [InlineData("\n\n", "web.1  | \nweb.1  | \n")]
    [InlineData("", "")]
    [InlineData("é\u001b[1m\n", "web.1  | é\u001b[1m\n")]
    public async Task Lines_have_their_instances_name_before_them(string said, string shown) =>
        Assert.Equal(shown, (await ShowAsync(Say(said), new OutputStyle { Width = 6 })).Shown);

    [Fact]
    public async Task On_a_terminal_a_type_has_its_colour_and_no_line_colours_the_next()
    {
        var (shown, _) = await ShowAsync(Say("a\n\u001b[31mb\n"), new OutputStyle { Colour = true });
        Assert.Equal("\u001b[33mweb.1 | \u001b[0ma\n\u001b[33mweb.1 | \u001b[0m\u001b[31mb\u001b[0m\n", shown);
    }

    [Fact]
    public async Task The_time_may_stand_first()
    {
        var (shown, _) = await ShowAsync(Say("a\n"), new OutputStyle { Time = true });
        Assert.Matches(@"^\d\d:\d\d:\d\d web\.1 \| a\n$", shown);
    }

    [Fact]
    public async Task Standard_error_is_shown_too_and_the_last_twelve_lines_are_kept()
    {
        const string script = "i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo $i >&2; done";
        var (shown, last) = await ShowAsync(script, new OutputStyle());
        Assert.Equal(20, shown.Split('\n').Length - 1);
        Assert.Equal(Enumerable.Range(9, 12).Select(number => $"{number}"), last);
    }

    [Fact]
    public async Task A_line_without_an_end_is_cut_and_takes_no_memory()
    {
        const int total = 8 << 20;
        var to = new CountingStream();
        using (var mux = new OutputMux(to, new OutputStyle()))
        {
            using var child = Start($"head -c {total} /dev/zero");
            using var output = new InstanceOutput(mux, "web.1", 0, child.Pipe!);
            await output.End;
            Assert.Equal(0, output.Dropped);
        }

        var lines = total / InstanceOutput.LineBytesMax;
        Assert.Equal(lines, to.Lines);
        Assert.Equal(total + (lines * "web.1 | \n".Length), to.Bytes);
    }

    /// <summary>
    /// A stopped terminal: the instance goes on, and what was lost is told when somebody reads again.
    /// </summary>
    [Fact]
    public async Task While_nobody_reads_lines_are_dropped_and_counted()
    {
        using var to = new StalledStream();
        long dropped;
        using (var mux = new OutputMux(to, new OutputStyle(), TimeSpan.FromMilliseconds(50)))
        {
            using var child = Start("yes 0123456789abcdef | head -n 200000; echo end; read -r _ < /dev/null; true");
            using var output = new InstanceOutput(mux, "web.1", 0, child.Pipe!);
            // It ends by itself, though nothing was read of it.
            Assert.Equal(0, await child.Ended);
            to.Release();
            await output.End;
            dropped = output.Dropped;
        }

        Assert.InRange(dropped, 1, 200_001);
        Assert.Equal(200_001 - dropped, to.Lines - to.Told);
    }

    /// <summary>One writer: a line of one is never within a line of another.</summary>
    [Fact]
    public async Task Lines_of_many_instances_do_not_mix()
    {
        var to = new MemoryStream();
        using (var mux = new OutputMux(to, new OutputStyle()))
        {
            var ends = Enumerable.Range(1, 4).Select(async number =>
            {
                using var child = Start($"yes {new string((char)('a' + number), 70)} | head -n 2000");
                using var output = new InstanceOutput(mux, $"web.{number}", 0, child.Pipe!);
                await output.End;
            });
            await Task.WhenAll(ends);
        }

        var lines = Encoding.ASCII.GetString(to.ToArray()).TrimEnd('\n').Split('\n');
        Assert.Equal(8000, lines.Length);
        Assert.All(lines, line => Assert.Equal($"web.{line[^1] - 'a'} | {new string(line[^1], 70)}", line));
    }

    [Fact]
    public async Task What_an_instance_left_running_holds_nobody()
    {
        using var mux = new OutputMux(new MemoryStream(), new OutputStyle());
        using var child = Start("sleep 60 & echo a");
        using var output = new InstanceOutput(mux, "web.1", 0, child.Pipe!);
        await child.Ended;
        Assert.False(output.End.IsCompleted);
        output.Dispose();
        await output.End.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    private static string Say(string text) => $"printf '{text.Replace("\\", "\\\\")}'";

    private static Child Start(string script) =>
        Child.Start(new ProcessStart(["/bin/sh", "-c", script], ChildEnvironment.Bare)
        {
            Pipes = PipeUse.Outputs,
            HasNoInput = true,
        });

    private static async Task<(string Shown, IReadOnlyList<string> Last)> ShowAsync(string script, OutputStyle style)
    {
        var to = new MemoryStream();
        IReadOnlyList<string> last;
        using (var mux = new OutputMux(to, style))
        {
            using var child = Start(script);
            using var output = new InstanceOutput(mux, "web.1", 1, child.Pipe!);
            await output.End;
            last = output.LastLines;
        }

        return (Encoding.UTF8.GetString(to.ToArray()), last);
    }

    private class CountingStream : Stream
    {
        public long Bytes { get; private set; }
        public long Lines { get; private set; }
        public long Told { get; private set; }
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => Bytes;
        public override long Position { get; set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Bytes += buffer.Length;
            Lines += buffer.Count((byte)'\n');
            Told += buffer.Count("(weir: "u8);
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }

    private sealed class StalledStream : CountingStream
    {
        private readonly ManualResetEventSlim _open = new(false);

        public void Release() => _open.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _open.Wait();
            base.Write(buffer);
        }

        protected override void Dispose(bool disposing)
        {
            _open.Set();
            _open.Dispose();
            base.Dispose(disposing);
        }
    }
}
