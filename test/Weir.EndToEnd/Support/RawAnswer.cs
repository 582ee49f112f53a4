using System.Text;

namespace Weir.EndToEnd.Support;

/// <summary>An answer as it stood on the wire.</summary>
/// <param name="Head">Status line and fields, each with its CRLF.</param>
internal sealed record RawAnswer(int Status, string Head, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The first such field's value, or nothing.</summary>
    public string Field(string name)
    {
        var at = Head.IndexOf("\r\n" + name + ":", StringComparison.OrdinalIgnoreCase);
        if (at < 0) return "";
        var from = at + name.Length + 3;
        return Head[from..Head.IndexOf("\r\n", from, StringComparison.Ordinal)].Trim();
    }
}
