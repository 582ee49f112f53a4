using System.Text;
using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

/// <summary>
/// Cuts one PREPARE out of the text that it came in: pg_prepared_statements tells the whole Query, with all that stood
/// before and behind (seen on PostgreSQL 15).
/// </summary>
internal static class PreparedText
{
    /// <returns>
    /// The statement without its semicolon and comments at its ends; null where it cannot be told for sure, or would
    /// not mean the same under another client_encoding or standard_conforming_strings.
    /// </returns>
    public static string? Alone(string name, string text)
    {
        if (!SqlWriter.IsWritable(name) || text.Length > SqlReader.BytesMax || text.AsSpan().ContainsAnyExceptInRange('\t', '~'))
            return null;
        if (text.Contains('\\', StringComparison.Ordinal))
            return null;
        var bytes = Encoding.ASCII.GetBytes(text);
        var lexer = new SqlLexer(bytes, backslashEscapes: false);
        string? found = null;
        var (from, to, count, isWanted) = (0, 0, 0, false);
        while (true)
        {
            var token = lexer.Next();
            var isEnd = token == SqlToken.End || (token == SqlToken.Symbol && lexer.Symbol == ';');
            if (!isEnd)
            {
                if (count == 0)
                    from = lexer.Start;
                to = lexer.End;
                isWanted = Wants(lexer, token, name, count++, isWanted);
                continue;
            }

            if (count > 1 && isWanted)
            {
                if (found is not null)
                    return null;
                found = text[from..to];
            }

            count = 0;
            isWanted = false;
            if (token == SqlToken.End)
                return lexer.IsUnclear || lexer.IsUnterminated ? null : found;
        }
    }

    /// <summary>PREPARE and the name, at the head of the statement.</summary>
    private static bool Wants(in SqlLexer lexer, SqlToken token, string name, int place, bool isWanted) => place switch
    {
        0 => token == SqlToken.Word && Ascii.EqualsIgnoreCase(lexer.Token, "prepare"u8),
        1 when isWanted && token == SqlToken.Word => SettingName.Fold(Encoding.ASCII.GetString(lexer.Token)) == name,
        1 when isWanted && token == SqlToken.QuotedName => lexer.IsVerbatim && Encoding.ASCII.GetString(lexer.Content) == name,
        1 => false,
        _ => isWanted,
    };
}
