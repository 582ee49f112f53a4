using System.Buffers.Text;

namespace Weir.Core.Http.Forwarding;

/// <summary>
/// Max-Forwards on OPTIONS (RFC 9110 section 7.6.2); the gate refuses TRACE, and other methods ignore it.
/// </summary>
internal static class MaxForwards
{
    /// <summary>True if Weir is the last hop, and answers the OPTIONS itself.</summary>
    public static bool EndsHere(RequestHead head) =>
        head.Verb == HttpVerb.Options && TryRead(head, out var hops) && hops == 0;

    /// <summary>Writes the field with one hop less; a value that is no number is not passed on.</summary>
    public static void PutDecremented(RequestHead head, ref HeadCursor cursor)
    {
        if (!TryRead(head, out var hops) || hops == 0)
            return;
        cursor.Put("Max-Forwards: "u8);
        cursor.PutNumber(hops - 1);
        cursor.Put("\r\n"u8);
    }

    private static bool TryRead(RequestHead head, out uint hops)
    {
        hops = 0;
        var index = head.Fields.IndexOf(KnownField.MaxForwards);
        if (index < 0)
            return false;
        var value = head.ValueOf(head.Fields[index]);
        return Utf8Parser.TryParse(value, out hops, out var used) && used == value.Length;
    }
}
