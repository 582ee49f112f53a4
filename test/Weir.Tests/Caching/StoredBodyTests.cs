using Weir.Beat;
using Weir.Caching;
using Weir.Core.Chance;
using Weir.Spill;
using Weir.Tests.Support;

namespace Weir.Tests.Caching;

/// <summary>A body that is read while it grows.</summary>
public sealed class StoredBodyTests
{
    [Theory]
    [InlineData(0, new int[0])]
    [InlineData(1, new[] { 1 })]
    [InlineData(1024, new[] { 1024 })]
    [InlineData(81_920, new[] { 81_920 })]
    [InlineData(102_400, new[] { 81_920, 20_480 })]
    public void It_lies_in_as_few_chunks_as_can_be_however_it_came(int length, int[] chunks)
    {
        foreach (var (expected, piece) in new[]
        {
            (length, 16_384), (-1, 16_384), (-1, 700), (length, 100_000), (7, 900),
        })
        {
            var body = new StoredBody(expected);
            var bytes = Bytes(length);
            for (var at = 0; at < length; at += piece)
                body.Append(bytes.AsSpan(at, Math.Min(piece, length - at)));
            body.End();
            Assert.Equal(chunks, Chunks(body, out var read));
            Assert.Equal(bytes, read);
            Assert.Equal(length + chunks.Length * StoredChunk.Overhead, body.MemoryBytes);
        }
    }

    [Fact]
    public void No_chunk_goes_to_the_large_object_heap()
    {
        var body = new StoredBody(1 << 20);
        body.Append(Bytes(1 << 20));
        Assert.True(body.TryBegin(out var cursor));
        Assert.Equal(StoredRead.Bytes, body.TryPeek(ref cursor, out var bytes));
        // The collector names what is on that heap as of its oldest generation at once.
        Assert.NotEqual(2, GC.GetGeneration(GC.AllocateUninitializedArray<byte>(StoredChunk.BytesMax)));
        Assert.Equal(StoredChunk.BytesMax, bytes.Count);
    }

    [Fact]
    public void A_large_body_of_unknown_length_wastes_nothing_at_its_end()
    {
        var body = new StoredBody();
        var bytes = Bytes(500_001);
        for (var at = 0; at < bytes.Length; at += 9000)
            body.Append(bytes.AsSpan(at, Math.Min(9000, bytes.Length - at)));
        Assert.True(body.TryBegin(out var early));
        early.Skip(499_000);
        body.End();
        var chunks = Chunks(body, out var read);
        Assert.Equal(bytes, read);
        Assert.Equal(chunks.Sum() + chunks.Count * StoredChunk.Overhead, body.MemoryBytes);
        // Who read the last chunk before it was cut goes on with it.
        Assert.Equal(StoredRead.Bytes, body.TryPeek(ref early, out var rest));
        Assert.Equal(bytes.AsSpan(499_000), rest.AsSpan());
    }

    [Fact]
    public void It_can_be_begun_anywhere()
    {
        var bytes = Bytes(300_000);
        var body = StoredBody.Of(bytes);
        foreach (var position in new[] { 0, 1, 81_919, 81_920, 81_921, 299_999, 300_000 })
        {
            Assert.True(body.TryBegin(out var cursor, position));
            Assert.Equal(position, cursor.Position);
            Assert.Equal(bytes[position..], Rest(body, ref cursor));
        }
    }

    [Fact]
    public void A_reader_is_raised_for_more_for_the_end_and_for_a_failure()
    {
        foreach (var fails in new[] { false, true })
        {
            var body = new StoredBody();
            var owner = new WakeCounter();
            var reader = body.Open(owner)!;
            Assert.Equal(StoredRead.Waiting, reader.TryPeek(out _));
            Assert.Equal(StoredRead.Waiting, reader.TryPeek(out _));
            Assert.Equal(0, owner.Count);
            body.Append("abc"u8);
            Assert.Equal(1, owner.Count);
            // It has not looked since, so it is not raised again.
            body.Append("def"u8);
            Assert.Equal(1, owner.Count);
            Assert.Equal(StoredRead.Bytes, reader.TryPeek(out var bytes));
            Assert.Equal("abcdef"u8, bytes.AsSpan());
            reader.Advance(6);
            Assert.Equal(StoredRead.Waiting, reader.TryPeek(out _));
            if (fails)
                body.Fail();
            else
                body.End();
            Assert.Equal(2, owner.Count);
            Assert.Equal(fails ? StoredRead.Failed : StoredRead.Ended, reader.TryPeek(out _));
            reader.Close();
            Assert.Equal(0, body.Readers);
        }
    }

    [Fact]
    public void Readers_are_raised_in_the_order_in_which_they_came()
    {
        var body = new StoredBody();
        var order = new List<int>();
        for (var number = 0; number < 5; number++)
            body.Open(new Noting(order, number))!.TryPeek(out _);
        body.Append("x"u8);
        Assert.Equal([0, 1, 2, 3, 4], order);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Past_its_bound_it_goes_through_without_being_kept(bool byBudget)
    {
        var budget = new Budget(byBudget ? 200_000 : long.MaxValue);
        var writer = new WakeCounter();
        var body = new StoredBody(-1, byBudget ? long.MaxValue : 200_000, budget) { Writer = writer };
        var slow = body.Open(new WakeCounter())!;
        var bytes = Bytes(StoredBody.LagMax + 400_000);
        var sent = 0;
        while (!body.IsFull())
        {
            body.Append(bytes.AsSpan(sent, 10_000));
            sent += 10_000;
        }

        Assert.InRange(sent, StoredBody.LagMax, StoredBody.LagMax + 20_000);
        Assert.False(body.IsKept);
        Assert.Null(body.Open(new WakeCounter()));
        Assert.Equal(0, budget.Used);
        // The reader loses nothing, and its progress wakes the writer, once.
        Assert.Equal(StoredRead.Bytes, slow.TryPeek(out var first));
        Assert.Equal(bytes.AsSpan(0, first.Count), first.AsSpan());
        Assert.Equal(0, writer.Count);
        for (var read = 0; read < 100_000;)
        {
            Assert.Equal(StoredRead.Bytes, slow.TryPeek(out var piece));
            Assert.Equal(bytes.AsSpan(read, piece.Count), piece.AsSpan());
            slow.Advance(piece.Count);
            read += piece.Count;
        }

        Assert.Equal(1, writer.Count);
        Assert.False(body.IsFull());
        slow.Close();
        body.Append(bytes.AsSpan(0, bytes.Length));
        Assert.False(body.IsFull());
    }

    [Fact]
    public void Memory_of_bodies_under_way_is_given_back_at_the_end()
    {
        var budget = new Budget(1 << 20);
        var (ended, failed) = (new StoredBody(-1, long.MaxValue, budget), new StoredBody(50, long.MaxValue, budget));
        ended.Append(Bytes(30_000));
        failed.Append(Bytes(20));
        Assert.InRange(budget.Used, 30_050, 70_000);
        ended.End();
        failed.Fail();
        Assert.Equal(0, budget.Used);
        Assert.True(ended.HasEnded && failed.HasFailed);
        Assert.Throws<InvalidOperationException>(() => ended.Append("x"u8));
    }

    [Fact]
    public void Many_threads_read_what_one_writes_whole_and_in_order()
    {
        for (var round = 0; round < 40; round++)
        {
            var chance = new SeededRandom((ulong)round);
            var bytes = Bytes(20_000 + chance.NextBelow(400_000));
            var expected = round % 2 == 0 ? bytes.Length : -1;
            var body = new StoredBody(expected, round % 4 == 3 ? 60_000 : long.MaxValue);
            var writer = new Writing(body, bytes, 1 + chance.NextBelow(30_000));
            body.Writer = writer;
            var readers = new Reading[6];
            for (var number = 0; number < readers.Length; number++)
                readers[number] = new Reading(body, bytes);
            SideThread.RunAll(readers.Length + 1, number =>
            {
                if (number < readers.Length)
                    readers[number].Raise();
                else
                    writer.Raise();
            });
            Assert.All(readers, reader => Assert.True(reader.Whole.Task.Wait(TimeSpan.FromMinutes(1))));
            Assert.All(readers, reader => Assert.Null(reader.Fault));
            Assert.Equal(0, body.Readers);
        }
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var index = 0; index < length; index++)
            bytes[index] = (byte)(index * 31 + index / 251);
        return bytes;
    }

    private static List<int> Chunks(StoredBody body, out byte[] all)
    {
        var chunks = new List<int>();
        var bytes = new List<byte>();
        Assert.True(body.TryBegin(out var cursor));
        while (body.TryPeek(ref cursor, out var piece) == StoredRead.Bytes)
        {
            chunks.Add(piece.Count);
            bytes.AddRange(piece);
            cursor.Advance(piece.Count);
        }

        all = [.. bytes];
        return chunks;
    }

    private static byte[] Rest(StoredBody body, ref BodyCursor cursor)
    {
        var bytes = new List<byte>();
        while (body.TryPeek(ref cursor, out var piece) == StoredRead.Bytes)
        {
            bytes.AddRange(piece);
            cursor.Advance(piece.Count);
        }

        return [.. bytes];
    }

    private sealed class Noting(List<int> order, int number) : Driven
    {
        protected override void Advance() => order.Add(number);

        protected override void Fail(Exception exception) => throw exception;
    }

    /// <summary>Appends a piece a time and hands itself on, so that readers come in between on other threads.</summary>
    private sealed class Writing(StoredBody body, byte[] bytes, int piece) : Driven
    {
        private int _sent;

        protected override void Advance()
        {
            if (body.HasEnded || body.IsFull())
                return;
            var count = Math.Min(piece, bytes.Length - _sent);
            body.Append(bytes.AsSpan(_sent, count));
            _sent += count;
            if (_sent == bytes.Length)
                body.End();
            else
                RaiseOnPool();
        }

        protected override void Fail(Exception exception) => body.Fail();
    }

    private sealed class Reading(StoredBody body, byte[] bytes) : Driven
    {
        private BodyReader? _reader;
        private int _read;

        public TaskCompletionSource Whole { get; } = new();
        public string? Fault { get; private set; }

        protected override void Advance()
        {
            if (Whole.Task.IsCompleted)
                return;
            if (_reader is null && (_reader = body.Open(this)) is null)
            {
                // It came when the beginning was gone, as it may where the body is not kept.
                Whole.TrySetResult();
                return;
            }

            while (true)
            {
                var read = _reader.TryPeek(out var piece);
                if (read == StoredRead.Waiting)
                    return;
                if (read != StoredRead.Bytes)
                {
                    Fault = read == StoredRead.Ended && _read == bytes.Length ? null : $"{read} at {_read}";
                    _reader.Close();
                    Whole.TrySetResult();
                    return;
                }

                if (!piece.AsSpan().SequenceEqual(bytes.AsSpan(_read, piece.Count)))
                    Fault = $"other bytes at {_read}";
                _read += piece.Count;
                _reader.Advance(piece.Count);
            }
        }

        protected override void Fail(Exception exception)
        {
            Fault = exception.Message;
            Whole.TrySetResult();
        }
    }
}
