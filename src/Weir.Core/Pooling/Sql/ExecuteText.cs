using System.Buffers;
using System.Text;

namespace Weir.Core.Pooling.Sql;

/// <summary>Finds the name in "EXECUTE name …" where the text plainly is that.</summary>
internal static class ExecuteText
{
    /// <summary>What stands in a name without quotes as the server keeps it.</summary>
    private static readonly SearchValues<byte> s_kept = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_"u8);

    /// <param name="name">As the server looks it up.</param>
    /// <param name="rest">Where the text goes on behind the name.</param>
    /// <returns>False for anything else, and for names that the server would fold or unescape.</returns>
    public static bool TryRead(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> name, out int rest)
    {
        name = default;
        rest = 0;
        var lexer = new SqlLexer(text, backslashEscapes: false);
        if (lexer.Next() != SqlToken.Word || !Ascii.EqualsIgnoreCase(lexer.Token, "execute"u8))
            return false;
        switch (lexer.Next())
        {
            case SqlToken.Word when !lexer.Token.ContainsAnyExcept(s_kept):
                name = lexer.Token;
                break;
            case SqlToken.QuotedName when lexer.IsVerbatim && Ascii.IsValid(lexer.Content):
                name = lexer.Content;
                break;
        }

        rest = lexer.End;
        return !name.IsEmpty && !lexer.IsUnclear;
    }
}
