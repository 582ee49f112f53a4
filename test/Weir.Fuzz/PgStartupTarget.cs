using Weir.Core.Pooling.Messages;

namespace Weir.Fuzz;

/// <summary>
/// A first packet is whole, broken with a reason, or to be waited for; what was read, written again, is the same.
/// </summary>
internal static class PgStartupTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var result = StartupReader.Read(data, out var consumed, out var packet, out var fault);
        if (packet is null == (result == PacketRead.Whole) || fault is null == (result == PacketRead.Broken))
            throw new InvariantException("Packet and fault do not say what the result says.");
        if (consumed < 0 || consumed > data.Length || (consumed > 0 && packet is null))
            throw new InvariantException("Took what was not there.");
        if (result == PacketRead.More && data.Length >= StartupReader.PacketBytesMax)
            throw new InvariantException("Waits for more than a packet can have.");
        if (packet is null || packet.Kind == StartupKind.DirectTls)
            return;
        if (StartupReader.Read(data[..(consumed - 1)], out _, out _, out _) != PacketRead.More)
            throw new InvariantException("A byte less is whole as well.");
        if (packet.Kind == StartupKind.Startup)
            CheckStartup(packet);
        if (packet.Kind == StartupKind.Cancel && packet.CancelSecret.Length is < 4 or > 256)
            throw new InvariantException("A cancel with such a secret.");
    }

    private static void CheckStartup(StartupPacket packet)
    {
        if (packet.User.Length == 0 || packet.Database.Length == 0 || packet.Major != 3)
            throw new InvariantException("Nobody asks for nothing.");
        if (packet.Parameters.Select(pair => pair.Key).Distinct().Count() != packet.Parameters.Count)
            throw new InvariantException("A name is there twice.");
        var writer = new PacketWriter();
        writer.Startup(packet.Minor, packet.Parameters);
        StartupReader.Read(writer.Written, out _, out var again, out _);
        if (again is null || !again.Parameters.SequenceEqual(packet.Parameters) || again.Minor != packet.Minor)
            throw new InvariantException("Written again, it is read otherwise.");
        if (packet.Get("options") is not { } options)
            return;
        var settings = new List<KeyValuePair<string, string>>();
        if (OptionsParameter.TryRead(options, settings, out var problem) == problem.Length > 0)
            throw new InvariantException("A refusal and its reason come together.");
        if (settings.Exists(pair => pair.Key.Length == 0 || pair.Key.Contains(';', StringComparison.Ordinal)))
            throw new InvariantException("No setting has such a name.");
    }
}
