using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling;

/// <summary>What a server reports of its parameters (ParameterStatus), in the order in which it did.</summary>
internal sealed class ParameterList
{
    private readonly List<KeyValuePair<string, string>> _all = [];

    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    /// <summary>Takes over what a ParameterStatus message says; what is malformed is left out.</summary>
    public void Read(ReadOnlySpan<byte> body)
    {
        var end = body.IndexOf((byte)0);
        if (end < 0 || body.Length < end + 2 || body[^1] != 0)
            return;
        Set(Encoding.UTF8.GetString(body[..end]), Encoding.UTF8.GetString(body[(end + 1)..^1]));
    }

    public void Set(string name, string value)
    {
        var pair = KeyValuePair.Create(name, value);
        var at = _all.FindIndex(one => one.Key == name);
        if (at < 0)
            _all.Add(pair);
        else
            _all[at] = pair;
    }

    public string? Get(string name) => _all.Find(one => one.Key == name).Value;

    /// <summary>The messages that tell a client all of it.</summary>
    public byte[] ToMessages()
    {
        var packets = new PacketWriter();
        foreach (var (name, value) in _all)
        {
            packets.Begin(MessageKind.ParameterStatus);
            packets.Text(name);
            packets.Text(value);
            packets.End();
        }

        return packets.Written.ToArray();
    }
}
