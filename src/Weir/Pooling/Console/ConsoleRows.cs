using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Weir.Core.Pooling.Messages;

namespace Weir.Pooling.Console;

/// <summary>A console's table as messages; numbers in binary for the drivers that ask for that.</summary>
internal static class ConsoleRows
{
    private const int NumericDigitBase = 10_000;

    /// <param name="formats">A Bind's codes of results: none = text, one for all, or one for each column.</param>
    public static void WriteDescription(PacketWriter into, ConsoleTable table, IReadOnlyList<short> formats)
    {
        into.Begin(MessageKind.RowDescription);
        into.Int16((short)table.Columns.Count);
        for (var index = 0; index < table.Columns.Count; index++)
        {
            var (name, type) = table.Columns[index];
            into.Text(name);
            into.Int32(0);
            into.Int16(0);
            into.Int32((int)type);
            into.Int16(type switch { ConsoleType.Int4 => 4, ConsoleType.Int8 => 8, _ => (short)-1 });
            into.Int32(-1);
            into.Int16(FormatOf(formats, index));
        }

        into.End();
    }

    public static void WriteRow(PacketWriter into, ConsoleTable table, string?[] row, IReadOnlyList<short> formats)
    {
        into.Begin(MessageKind.DataRow);
        into.Int16((short)row.Length);
        for (var index = 0; index < row.Length; index++)
        {
            if (row[index] is not { } text)
                into.Int32(-1);
            else if (FormatOf(formats, index) == 0 || table.Columns[index].Type == ConsoleType.Text)
                WriteText(into, text);
            else
                WriteBinary(into, table.Columns[index].Type, long.Parse(text, CultureInfo.InvariantCulture));
        }

        into.End();
    }

    private static short FormatOf(IReadOnlyList<short> formats, int column) => formats.Count switch
    {
        0 => 0,
        1 => formats[0],
        _ => column < formats.Count ? formats[column] : (short)0,
    };

    private static void WriteText(PacketWriter into, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        into.Int32(bytes.Length);
        into.Bytes(bytes);
    }

    private static void WriteBinary(PacketWriter into, ConsoleType type, long value)
    {
        switch (type)
        {
            case ConsoleType.Int4:
                into.Int32(sizeof(int));
                into.Int32((int)value);
                break;
            case ConsoleType.Int8:
                Span<byte> bytes = stackalloc byte[sizeof(long)];
                BinaryPrimitives.WriteInt64BigEndian(bytes, value);
                into.Int32(bytes.Length);
                into.Bytes(bytes);
                break;
            default:
                WriteNumeric(into, value);
                break;
        }
    }

    /// <summary>How many digits of base 10,000, the weight of the first, sign, scale, digits.</summary>
    private static void WriteNumeric(PacketWriter into, long value)
    {
        var digits = new Stack<short>();
        for (var rest = Math.Abs(value); rest > 0; rest /= NumericDigitBase)
            digits.Push((short)(rest % NumericDigitBase));
        const short negative = 0x4000;
        into.Int32((4 + digits.Count) * sizeof(short));
        into.Int16((short)digits.Count);
        into.Int16((short)Math.Max(0, digits.Count - 1));
        into.Int16(value < 0 ? negative : (short)0);
        into.Int16(0);
        foreach (var digit in digits)
            into.Int16(digit);
    }
}
