using System.Text;
using Weir.Core.Http;

namespace Weir.Core.Caching;

/// <summary>The fields that an answer varies by (RFC 9111 section 4.1), in one form for all spellings.</summary>
internal static class VaryNames
{
    /// <summary>More bytes of names than this are not kept (<see cref="CacheReason.VaryNames"/>).</summary>
    public const int BytesMax = 512;

    /// <summary>Far more than any app varies by.</summary>
    private const int NamesMax = 32;

    /// <summary>
    /// Writes the names in lower case, in order, each once, with commas between: "accept-encoding,cookie". Empty where
    /// the answer does not vary.
    /// </summary>
    /// <returns>Bytes written; −1 where they are too many, or one is no field name, or is <c>*</c>.</returns>
    public static int Read(ResponseHead head, Span<byte> destination)
    {
        Span<byte> text = stackalloc byte[BytesMax];
        Span<Range> names = stackalloc Range[NamesMax];
        var count = 0;
        var used = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.Other || CacheFields.Of(head.NameOf(field)) != CacheField.Vary)
                continue;
            var list = new Tokens(head.ValueOf(field));
            while (list.Next(out var name))
            {
                if (count == NamesMax || used + name.Length > BytesMax || name is [(byte)'*']
                    || name.IndexOfAnyExcept(ByteSets.Token) >= 0)
                    return -1;
                Ascii.ToLower(name, text[used..], out _);
                Insert(text, names, ref count, used..(used + name.Length));
                used += name.Length;
            }
        }

        return Join(text, names[..count], destination);
    }

    /// <summary>Puts a name where it belongs, unless it is there.</summary>
    private static void Insert(ReadOnlySpan<byte> text, Span<Range> names, ref int count, Range name)
    {
        var at = count;
        while (at > 0)
        {
            var order = text[names[at - 1]].SequenceCompareTo(text[name]);
            if (order == 0)
                return;
            if (order < 0)
                break;
            at--;
        }

        names[at..count].CopyTo(names[(at + 1)..]);
        names[at] = name;
        count++;
    }

    private static int Join(ReadOnlySpan<byte> text, ReadOnlySpan<Range> names, Span<byte> destination)
    {
        var written = 0;
        foreach (var name in names)
        {
            var bytes = text[name];
            if (written + 1 + bytes.Length > destination.Length + (written == 0 ? 1 : 0))
                return -1;
            if (written > 0)
                destination[written++] = (byte)',';
            bytes.CopyTo(destination[written..]);
            written += bytes.Length;
        }

        return written;
    }
}
