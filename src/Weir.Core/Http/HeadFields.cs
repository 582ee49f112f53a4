namespace Weir.Core.Http;

/// <summary>The fields of one head; the array is kept from head to head, so a parse allocates nothing.</summary>
internal sealed class HeadFields
{
    private Field[] _fields = new Field[16];

    public int Count { get; private set; }

    public ref readonly Field this[int index] => ref _fields[index];

    public void Clear() => Count = 0;

    public void Add(in Field field)
    {
        if (Count == _fields.Length)
            Array.Resize(ref _fields, Count * 2);
        _fields[Count++] = field;
    }

    /// <summary>The index of the first field of this kind, or −1.</summary>
    public int IndexOf(KnownField known)
    {
        for (var index = 0; index < Count; index++)
        {
            if (_fields[index].Known == known)
                return index;
        }

        return -1;
    }
}
