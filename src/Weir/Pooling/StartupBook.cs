using System.Buffers.Binary;
using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>
/// What startup packets ask for. Those of clients that got in are known by their bytes: an app that connects for each
/// query sends the same each time, and to read it is a tenth of such a connection's cost. A packet holds no secret.
/// </summary>
/// <param name="ignored">Names of parameters that are passed over.</param>
internal sealed class StartupBook(IReadOnlyList<string> ignored)
{
    /// <summary>Apps differ by user, database and name; a name for each connection is not worth keeping.</summary>
    private const int KeptMax = 256;

    /// <summary>A driver's packet has some 100 bytes.</summary>
    public const int BytesMax = 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<byte[], StartupNote> _known = new(ByteText.Comparer);

    /// <summary>The packet at the start of these bytes, where it is whole and known; else null.</summary>
    public StartupNote? Find(ReadOnlySpan<byte> here)
    {
        const int smallest = 9;
        if (here.Length < smallest)
            return null;
        var bytes = BinaryPrimitives.ReadInt32BigEndian(here);
        if (bytes is < smallest or > BytesMax || bytes > here.Length)
            return null;
        lock (_lock)
        {
            return _known.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(here[..bytes], out var note)
                ? note : null;
        }
    }

    /// <summary>Its client has got in.</summary>
    public void Keep(StartupNote note)
    {
        if (note.Bytes.Length > BytesMax)
            return;
        lock (_lock)
        {
            if (_known.Count >= KeptMax)
                _known.Clear();
            _known[note.Bytes] = note;
        }
    }

    /// <summary>What the startup packet wants set, "options" taken apart. False: it is no list of settings.</summary>
    public bool TryReadWish(StartupPacket packet, out SessionState wish, out string problem)
    {
        problem = "";
        wish = SessionState.Empty;
        var all = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in packet.Parameters)
        {
            if (name is "user" or "database" or "replication" || ignored.Contains(name))
                continue;
            if (name != "options")
                all.Add(new(name, value));
            else if (!OptionsParameter.TryRead(value, all, out problem))
                return false;
        }

        foreach (var (name, value) in all)
            wish = wish.With(OneByteChars(name), OneByteChars(value));
        return true;
    }

    private static string OneByteChars(string text) =>
        Ascii.IsValid(text) ? text : Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
}
