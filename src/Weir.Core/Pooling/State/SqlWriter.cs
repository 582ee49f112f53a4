using System.Buffers;
using System.Text;

namespace Weir.Core.Pooling.State;

/// <summary>
/// Writes SQL of seven-bit bytes only, which means the same under every client_encoding and whether
/// standard_conforming_strings is on or off: it cannot fail to be parsed.
/// </summary>
internal readonly ref struct SqlWriter(IBufferWriter<byte> to)
{
    public void Raw(ReadOnlySpan<byte> sql) => to.Write(sql);

    /// <summary>A literal; each char of the value is a byte of the server's encoding.</summary>
    public void Literal(string value)
    {
        var isEscaped = value.AsSpan().Contains('\\') || value.AsSpan().ContainsAnyExceptInRange(' ', '~');
        var span = to.GetSpan((value.Length * 4) + 3);
        var at = 0;
        if (isEscaped)
            span[at++] = (byte)'E';
        span[at++] = (byte)'\'';
        foreach (var c in value)
        {
            if (c is '\'' or '\\')
            {
                span[at++] = (byte)c;
                span[at++] = (byte)c;
            }
            else if (c is >= ' ' and <= '~')
            {
                span[at++] = (byte)c;
            }
            else
            {
                span[at++] = (byte)'\\';
                span[at++] = (byte)('0' + ((c >> 6) & 7));
                span[at++] = (byte)('0' + ((c >> 3) & 7));
                span[at++] = (byte)('0' + (c & 7));
            }
        }

        span[at++] = (byte)'\'';
        to.Advance(at);
    }

    /// <summary>A name in quotes. Only for names that <see cref="IsWritable"/>, dots between its parts apart.</summary>
    public void Name(string name)
    {
        Raw("\""u8);
        Raw(Encoding.ASCII.GetBytes(name.Replace("\"", "\"\"", StringComparison.Ordinal)));
        Raw("\""u8);
    }

    /// <summary>A setting's name, each part in quotes, since a part may be a key word.</summary>
    public void SettingPath(string name)
    {
        var parts = name.Split('.');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0)
                Raw("."u8);
            Name(parts[i]);
        }
    }

    /// <summary>Whether the name can stand in quotes: printable ASCII, not empty, and not so long that it is cut off.</summary>
    public static bool IsWritable(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 63 && !name.ContainsAnyExceptInRange(' ', '~');
}
