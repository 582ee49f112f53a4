using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;
using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>A startup packet that is known is that packet, to the last byte.</summary>
public sealed class StartupBookTests
{
    private readonly StartupBook _book = new(["extra_float_digits"]);

    [Fact]
    public void A_kept_packet_is_found_by_all_of_its_bytes_and_nothing_less()
    {
        var note = Note(("user", "app"), ("database", "shop"), ("application_name", "web"));
        Assert.Null(_book.Find(note.Bytes));
        _book.Keep(note);
        Assert.Same(note, _book.Find(note.Bytes));
        for (var count = 0; count < note.Bytes.Length; count++)
            Assert.Null(_book.Find(note.Bytes.AsSpan(0, count)));
        for (var index = 0; index < note.Bytes.Length; index++)
        {
            var other = note.Bytes.ToArray();
            other[index] ^= 1;
            Assert.Null(_book.Find(other));
        }
    }

    [Fact]
    public void What_stands_behind_it_is_not_looked_at()
    {
        var note = Note(("user", "app"));
        _book.Keep(note);
        Assert.Same(note, _book.Find([.. note.Bytes, .. "Q\0\0\0"u8]));
    }

    [Fact]
    public void The_wish_is_what_is_to_be_set_and_options_are_taken_apart()
    {
        var note = Note(("user", "app"), ("database", "shop"), ("replication", "off"), ("extra_float_digits", "3"),
            ("options", "-c work_mem=9MB"), ("application_name", "caf\u00e9"));
        Assert.Equal(
            SessionState.Empty.With("work_mem", "9MB").With("application_name", "caf\u00c3\u00a9"), note.Wish);
    }

    [Fact]
    public void Options_that_are_no_settings_are_told()
    {
        Assert.False(_book.TryReadWish(Packet(Bytes([("user", "app"), ("options", "--")])), out _, out var problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Clients_that_are_all_different_leave_a_bounded_book()
    {
        const int clients = 300;
        var notes = Enumerable.Range(0, clients).Select(number => Note(("user", $"app{number}"))).ToArray();
        foreach (var note in notes)
            _book.Keep(note);
        Assert.Same(notes[^1], _book.Find(notes[^1].Bytes));
        Assert.InRange(notes.Count(note => _book.Find(note.Bytes) is not null), 1, 256);
        var large = Note(("user", "app"), ("application_name", new string('x', StartupBook.BytesMax)));
        _book.Keep(large);
        Assert.Null(_book.Find(large.Bytes));
    }

    private StartupNote Note(params (string Name, string Value)[] parameters)
    {
        var bytes = Bytes(parameters);
        var packet = Packet(bytes);
        Assert.True(_book.TryReadWish(packet, out var wish, out var problem), problem);
        return new StartupNote(bytes, packet, wish);
    }

    private static StartupPacket Packet(byte[] bytes)
    {
        Assert.Equal(PacketRead.Whole, StartupReader.Read(bytes, out _, out var packet, out _));
        return packet!;
    }

    private static byte[] Bytes((string Name, string Value)[] parameters)
    {
        var writer = new PacketWriter();
        writer.Startup(minor: 0, [.. parameters.Select(each => KeyValuePair.Create(each.Name, each.Value))]);
        return writer.Written.ToArray();
    }
}
