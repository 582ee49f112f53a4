using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Weir.EndToEnd.Support;

/// <summary>One message of a PostgreSQL server, its body without the length.</summary>
internal readonly record struct PgMessage(char Kind, byte[] Body)
{
    /// <summary>The body as text, its last NUL left out: a command tag, a parameter's first word.</summary>
    public string Text => Encoding.UTF8.GetString(Body).TrimEnd('\0');

    /// <summary>A field of an error or a notice by its letter: C = SQLSTATE, M = message. Empty where absent.</summary>
    public string Field(char letter)
    {
        foreach (var field in Encoding.UTF8.GetString(Body).Split('\0'))
        {
            if (field.Length > 0 && field[0] == letter) return field[1..];
        }

        return "";
    }

    /// <summary>The strings that follow the first <paramref name="skip"/> bytes.</summary>
    public string[] Strings(int skip = 0) => Encoding.UTF8.GetString(Body.AsSpan(skip)).Split('\0')[..^1];

    public int Int32(int at = 0) => BinaryPrimitives.ReadInt32BigEndian(Body.AsSpan(at));

    /// <summary>The cells of a DataRow, as text.</summary>
    public string?[] Cells()
    {
        var cells = new string?[BinaryPrimitives.ReadInt16BigEndian(Body)];
        var at = 2;
        for (var i = 0; i < cells.Length; i++)
        {
            var length = Int32(at);
            at += 4;
            if (length < 0) continue;
            cells[i] = Encoding.UTF8.GetString(Body, at, length);
            at += length;
        }

        return cells;
    }

    /// <summary>The names of a RowDescription's columns.</summary>
    public List<string> Columns()
    {
        const int behindName = 18;
        var names = new List<string>();
        for (var at = 2; at < Body.Length;)
        {
            var length = Body.AsSpan(at).IndexOf((byte)0);
            names.Add(Encoding.UTF8.GetString(Body, at, length));
            at += length + 1 + behindName;
        }

        return names;
    }

    public override string ToString() => Kind switch
    {
        'E' or 'N' => $"{Kind}({Field('C')} {Field('M')})",
        'C' => $"C({Text})",
        'Z' => $"Z({Text})",
        _ => Kind.ToString(CultureInfo.InvariantCulture),
    };
}
