using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Which fields of one head go on. The writers copy whole runs of lines with it; an HTTP/2 sender asks it field by
/// field.
/// </summary>
internal readonly ref struct FieldFilter
{
    private readonly ReadOnlySpan<byte> _head;
    private readonly HeadFields _fields;
    private readonly ulong _dropped;
    private readonly bool _optionsNameFields;
    private readonly bool _toApp;

    /// <param name="dropped">Known fields that do not go on.</param>
    /// <param name="toApp">True for requests: drops the unlisted names that Weir writes itself.</param>
    public FieldFilter(ReadOnlySpan<byte> head, HeadFields fields, ulong seen, ulong dropped, bool toApp)
    {
        _head = head;
        _fields = fields;
        _dropped = dropped;
        _toApp = toApp;
        _optionsNameFields = FieldMask.Has(seen, KnownField.Connection)
            && ConnectionOptions.NameFields(head, fields);
    }

    public bool Passes(in Field field)
    {
        if (FieldMask.Has(_dropped, field.Known))
            return false;
        if (_toApp && field.Known == KnownField.Other && IsWrittenHere(field))
            return false;
        return !_optionsNameFields || !ConnectionOptions.Name(_head, _fields, field);
    }

    /// <summary>Copies the lines that pass, untouched ones that lie side by side in one go.</summary>
    public void CopyTo(ref HeadCursor cursor)
    {
        var runStart = -1;
        for (var index = 0; index < _fields.Count; index++)
        {
            ref readonly var field = ref _fields[index];
            var passes = Passes(field);
            if (passes && IsPlainLine(index, field))
            {
                if (runStart < 0)
                    runStart = field.NameStart;
                continue;
            }

            if (runStart >= 0)
                cursor.Put(_head[runStart..field.NameStart]);
            runStart = -1;
            if (passes)
                PutPlainLine(field, ref cursor);
        }

        if (runStart >= 0)
            cursor.Put(_head[runStart..^2]);
    }

    /// <summary>
    /// True if the line stands as Weir would write it: nothing between name and colon, at most one byte of space before
    /// the value, none behind it, CR LF at its end. A lenient parse (report mode, an app's answer) may have let
    /// others by.
    /// </summary>
    private bool IsPlainLine(int index, in Field field)
    {
        var nameEnd = field.NameStart + field.NameLength;
        var lineEnd = index + 1 < _fields.Count ? _fields[index + 1].NameStart : _head.Length - 2;
        return field.ValueStart - nameEnd <= 2 && lineEnd - field.ValueStart - field.ValueLength == 2
            && _head[nameEnd] == (byte)':' && _head[lineEnd - 2] == (byte)'\r';
    }

    private void PutPlainLine(in Field field, ref HeadCursor cursor)
    {
        cursor.Put(_head.Slice(field.NameStart, field.NameLength));
        cursor.Put(": "u8);
        cursor.Put(_head.Slice(field.ValueStart, field.ValueLength));
        cursor.Put("\r\n"u8);
    }

    /// <summary>Weir writes this name itself, and no other field is looked for by its text.</summary>
    private bool IsWrittenHere(in Field field) => field.NameLength == 24
        && Ascii.EqualsIgnoreCase(_head.Slice(field.NameStart, field.NameLength), "X-Original-Request-Start"u8);
}
