using System.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>Finds requests that go round in circles (rule 17).</summary>
internal static class ViaLoop
{
    /// <summary>
    /// How often a request may have passed a Weir. 1: a Weir before a Weir is a set-up, three are a circle.
    /// </summary>
    public const int PassesMax = 1;

    /// <summary>True where the request has been here too often: 508.</summary>
    public static bool Found(RequestHead head) => Count(head) > PassesMax;

    /// <summary>How many elements of the Via fields were written by a Weir.</summary>
    public static int Count(RequestHead head)
    {
        var count = 0;
        for (var index = 0; index < head.Fields.Count; index++)
        {
            ref readonly var field = ref head.Fields[index];
            if (field.Known != KnownField.Via)
                continue;
            var rest = head.ValueOf(field);
            while (!rest.IsEmpty)
            {
                if (IsOurs(FieldValues.TakeElement(ref rest)))
                    count++;
            }
        }

        return count;
    }

    /// <summary>An element is protocol, received-by, and maybe a comment: "1.1 weir (a comment)".</summary>
    private static bool IsOurs(ReadOnlySpan<byte> element)
    {
        var space = element.IndexOfAny(" \t"u8);
        if (space < 0)
            return false;
        var by = element[space..].TrimStart(" \t"u8);
        var end = by.IndexOfAny(" \t("u8);
        return Ascii.EqualsIgnoreCase(end < 0 ? by : by[..end], "weir"u8);
    }
}
