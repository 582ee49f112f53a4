using System.Text;

namespace Weir.Core.Pooling.Messages;

/// <summary>An ErrorResponse or a NoticeResponse: the fields that Weir tells or acts on.</summary>
/// <param name="Severity">In English where the server says so (field V): ERROR, FATAL, PANIC, WARNING, NOTICE …</param>
/// <param name="Code">Five characters of <see cref="SqlStates"/>; empty where the message had none.</param>
internal sealed record PgError(string Severity, string Code, string Message)
{
    public string? Detail { get; init; }

    public string? Hint { get; init; }

    /// <summary>
    /// The server's function that told it, in no language: RevalidateCachedQuery is known by it where a 0A000's text
    /// is translated.
    /// </summary>
    public string? Routine { get; init; }

    /// <summary>The server connection ends behind it.</summary>
    public bool IsFatal => Severity is "FATAL" or "PANIC";

    public static PgError Error(string code, string message) => new("ERROR", code, message);

    public static PgError Fatal(string code, string message) => new("FATAL", code, message);

    /// <summary>
    /// Never throws: fields that are missing or cut short are empty, bytes that are not UTF-8 are replaced.
    /// </summary>
    public static PgError Read(ReadOnlySpan<byte> body)
    {
        string severity = "", plainSeverity = "", code = "", message = "";
        string? detail = null, hint = null, routine = null;
        while (body.Length > 1 && body[0] != 0)
        {
            var end = body[1..].IndexOf((byte)0);
            var value = end < 0 ? body[1..] : body.Slice(1, end);
            switch (body[0])
            {
                case (byte)'S':
                    severity = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'V':
                    plainSeverity = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'C':
                    code = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'M':
                    message = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'D':
                    detail = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'H':
                    hint = Encoding.UTF8.GetString(value);
                    break;
                case (byte)'R':
                    routine = Encoding.UTF8.GetString(value);
                    break;
            }

            if (end < 0)
                break;
            body = body[(end + 2)..];
        }

        return new PgError(plainSeverity.Length > 0 ? plainSeverity : severity, code, message)
        {
            Detail = detail,
            Hint = hint,
            Routine = routine,
        };
    }
}
