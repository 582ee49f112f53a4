using Weir.Core.Ledger;
using Weir.Core.Routing;
using Weir.Recording;
using Weir.Sim.Recordings;
using Weir.Tests.Routing;

namespace Weir.Tests.Recording;

/// <summary>A recording of everything that can happen gives every command again.</summary>
public sealed class RecordingTests
{
    [Theory]
    [InlineData(nameof(RoutingPolicy.Central))]
    [InlineData(nameof(RoutingPolicy.PowerOfTwo))]
    [InlineData(nameof(RoutingPolicy.Random))]
    public void Every_command_comes_again(string policy)
    {
        for (var seed = 0UL; seed < 30; seed++)
        {
            var world = new RandomWorld(seed, Enum.Parse<RoutingPolicy>(policy)) { IsShifting = seed % 2 == 0 };
            // Also from the middle of a life.
            world.Run((int)seed * 10);
            var bytes = Record(world, 2_000, out var steps);
            var replay = Replay(bytes);
            Assert.Null(replay.Difference);
            Assert.Equal(steps, replay.Events);
            Assert.Equal(RecordingEnd.Stopped, replay.End);
            Assert.True(replay.CommandCount > 100);
        }
    }

    [Fact]
    public void A_command_that_differs_is_found()
    {
        var bytes = Record(new RandomWorld(3, RoutingPolicy.Central), 2_000, out _);
        var found = 0;
        // One bit changed: the recording is damaged, or the router did not do this.
        for (var at = 200; at < bytes.Length - 40; at += 97)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 1;
            try
            {
                found += Replay(changed).Difference is null ? 0 : 1;
            }
            catch (Exception fault) when (fault is FormatException or OverflowException or IndexOutOfRangeException)
            {
                found++;
            }
        }

        // A microsecond, or the size of an answer, may differ and no command with it.
        Assert.True(found > (bytes.Length - 240) / 97 * 0.3, $"only {found} were found");
    }

    [Fact]
    public void A_disk_that_is_slow_ends_the_recording_and_holds_up_nobody()
    {
        using var disk = new SlowStream();
        var world = new RandomWorld(1, RoutingPolicy.Central);
        var file = new RecordingFile(disk, long.MaxValue, "test");
        var over = RecordingEnd.Open;
        file.WhenOver = why => over = why;
        var recorder = new AppRecorder(file, "web", world.Now, world.Router);
        world.WhenStepped = (now, happened, commands) => recorder.Stepped_NeedsLock(now, happened, commands);
        disk.Stall();
        for (var round = 0; round < 2_000 && !recorder.IsOver; round++)
            world.Run(1_000);
        Assert.True(recorder.IsOver);
        disk.GoOn();
        file.Dispose();
        Assert.Equal(RecordingEnd.DiskBehind, over);
        var replay = Replay(disk.ToArray());
        Assert.Null(replay.Difference);
        Assert.Equal(RecordingEnd.DiskBehind, replay.End);
        Assert.True(replay.Events > 10_000);
    }

    [Fact]
    public void A_recording_ends_at_its_bound()
    {
        using var disk = new MemoryStream();
        var world = new RandomWorld(1, RoutingPolicy.Central);
        var file = new RecordingFile(disk, 200_000, "test");
        var recorder = new AppRecorder(file, "web", world.Now, world.Router);
        world.WhenStepped = (now, happened, commands) => recorder.Stepped_NeedsLock(now, happened, commands);
        for (var round = 0; round < 10_000 && !recorder.IsOver; round++)
            world.Run(1_000);
        file.Dispose();
        Assert.Equal(RecordingEnd.Full, Replay(disk.ToArray()).End);
    }

    [Fact]
    public void What_is_cut_off_is_read_up_to_there()
    {
        var bytes = Record(new RandomWorld(3, RoutingPolicy.Central), 20_000, out var steps);
        var replay = Replay(bytes[..^1_000]);
        Assert.Null(replay.Difference);
        Assert.Equal(RecordingEnd.Open, replay.End);
        Assert.InRange(replay.Events, 1, steps);
    }

    [Theory]
    [InlineData("GET", "/users/17/posts?page=2", "GET /users/*/posts")]
    [InlineData("GET", "/", "GET /")]
    [InlineData("POST", "/a//b/", "POST /a//b/")]
    [InlineData("GET", "/1/2/3/4/5/6/7/8", "GET /*/*/*/*/*/*/*")]
    [InlineData("GET", "/0123456789abcdefghijklmnopqrstuvwxyz", "GET /*")]
    public void A_route_is_the_path_without_what_differs(string method, string path, string name)
    {
        var book = new RouteBook();
        Assert.Equal(0, book.Number(Bytes(method), Bytes(path), out var named));
        Assert.Equal(name, named);
        Assert.Equal(0, book.Number(Bytes(method), Bytes(path), out named));
        Assert.Null(named);
        Assert.Equal(1, book.Number(Bytes("PUT"), Bytes(path), out _));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.Latin1.GetBytes(text);

    private static byte[] Record(RandomWorld world, int count, out long steps)
    {
        using var disk = new MemoryStream();
        var file = new RecordingFile(disk, long.MaxValue, "test");
        var recorder = new AppRecorder(file, "web", world.Now, world.Router);
        long stepped = 0;
        world.WhenChanged = recorder.Changed_NeedsLock;
        world.WhenStepped = (now, happened, commands) =>
        {
            stepped++;
            recorder.Stepped_NeedsLock(now, happened, commands);
            if (happened.Kind == RoutingEventKind.ResponseEnded)
            {
                recorder.Ended_NeedsLock(now, new EndedRecord { Ticket = happened.Ticket, Outcome = Outcome.Answered },
                    "GET"u8, "/"u8);
            }

            if (stepped % 1_000 == 0)
                recorder.Flush_NeedsLock(now);
        };
        world.Run(count);
        recorder.End_NeedsLock(world.Now);
        file.Dispose();
        steps = stepped;
        return disk.ToArray();
    }

    private static AppReplay Replay(byte[] bytes)
    {
        using var recording = new global::Weir.Sim.Recordings.Recording(new MemoryStream(bytes));
        var replay = new AppReplay();
        while (recording.TryNext(out _))
            replay.Take(recording.Record);
        return replay;
    }

    /// <summary>A disk that stands still for as long as it is told to.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly ManualResetEventSlim _goes = new(true);

        public void Stall() => _goes.Reset();

        public void GoOn() => _goes.Set();

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            _goes.Wait();
            base.Write(buffer);
        }
    }
}
