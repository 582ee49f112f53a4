using System.Text;
using Weir.Core.Pooling.State;

namespace Weir.Core.Pooling.Sql;

/// <summary>
/// Finds the names of prepared statements in a text (gram.y: ExecuteStmt, PrepareStmt, DeallocateStmt, ExplainStmt).
/// </summary>
internal ref struct StatementUses
{
    private readonly List<StatementUse> _found;
    private SqlLexer _lexer;

    private StatementUses(ReadOnlySpan<byte> text, bool backslashEscapes)
    {
        _found = [];
        _lexer = new SqlLexer(text, backslashEscapes);
    }

    /// <returns>In their order; none where the text cannot be read for sure.</returns>
    public static IReadOnlyList<StatementUse> Find(ReadOnlySpan<byte> text)
    {
        var uses = new StatementUses(text, backslashEscapes: false);
        if (!uses.Read())
            return [];
        if (!uses._lexer.HasBackslash)
            return uses._found;
        // With standard_conforming_strings off the literals may end elsewhere: only where it makes no difference.
        var others = new StatementUses(text, backslashEscapes: true);
        return others.Read() && others._found.SequenceEqual(uses._found) ? uses._found : [];
    }

    /// <summary>False: PostgreSQL may read something else.</summary>
    private bool Read()
    {
        for (var token = _lexer.Next(); token != SqlToken.End; token = _lexer.Next())
        {
            if (token == SqlToken.Word)
                ReadStatement();
            SkipRest();
        }

        return !_lexer.IsUnclear && !_lexer.IsUnterminated;
    }

    private void ReadStatement()
    {
        if (Is("explain"u8) && !SkipExplain())
            return;
        if (Is("execute"u8))
            Take(StatementUseKind.Execute, _lexer.Next());
        else if (Is("create"u8))
            ReadCreate();
        else if (Is("prepare"u8))
            ReadPrepare();
        else if (Is("deallocate"u8))
            ReadDeallocate();
        else if (Is("discard"u8) && _lexer.Next() == SqlToken.Word && Is("all"u8))
            _found.Add(new StatementUse(StatementUseKind.ForgetAll, _lexer.Start, _lexer.End, ""));
    }

    /// <summary>True: the first word of the statement within is at hand.</summary>
    private bool SkipExplain()
    {
        while (true)
        {
            var token = _lexer.Next();
            if (token == SqlToken.Symbol && _lexer.Symbol == '(')
                _lexer.SkipParentheses();
            else if (token != SqlToken.Word)
                return false;
            else if (!Is("analyze"u8) && !Is("analyse"u8) && !Is("verbose"u8))
                return true;
        }
    }

    /// <summary>The first AS outside of parentheses comes before the query, or the EXECUTE in its place.</summary>
    private void ReadCreate()
    {
        var isTable = false;
        for (var token = _lexer.Next(); !IsEnd(token); token = _lexer.Next())
        {
            if (token == SqlToken.Symbol && _lexer.Symbol == '(')
                _lexer.SkipParentheses();
            if (token != SqlToken.Word)
                continue;
            isTable |= Is("table"u8);
            if (!Is("as"u8))
                continue;
            if (isTable && _lexer.Next() == SqlToken.Word && Is("execute"u8))
                Take(StatementUseKind.Create, _lexer.Next());
            return;
        }
    }

    private void ReadPrepare()
    {
        var token = _lexer.Next();
        // PREPARE TRANSACTION 'id': a statement of that name has something else than a literal behind it.
        var ahead = _lexer;
        if (token != SqlToken.Word || !Is("transaction"u8) || ahead.Next() != SqlToken.Text)
            Take(StatementUseKind.Prepare, token);
    }

    private void ReadDeallocate()
    {
        var token = _lexer.Next();
        var ahead = _lexer;
        if (token == SqlToken.Word && Is("prepare"u8) && ahead.Next() is SqlToken.Word or SqlToken.QuotedName)
            token = _lexer.Next();
        if (token == SqlToken.Word && Is("all"u8))
            _found.Add(new StatementUse(StatementUseKind.ForgetAll, _lexer.Start, _lexer.End, ""));
        else
            Take(StatementUseKind.Deallocate, token);
    }

    private readonly void Take(StatementUseKind kind, SqlToken token)
    {
        if (token is not (SqlToken.Word or SqlToken.QuotedName))
            return;
        var bytes = token == SqlToken.QuotedName ? _lexer.Content : _lexer.Token;
        if (bytes.Length > WordTable.NameBytesMax)
            bytes = bytes[..WordTable.NameBytesMax];
        var name = Encoding.Latin1.GetString(bytes);
        name = token == SqlToken.QuotedName
            ? name.Replace("\"\"", "\"", StringComparison.Ordinal)
            : SettingName.Fold(name);
        _found.Add(new StatementUse(kind, _lexer.Start, _lexer.End, name));
    }

    private void SkipRest()
    {
        // The token at hand may have ended the statement already.
        if (_lexer.Token is [] or [(byte)';'])
            return;
        while (!IsEnd(_lexer.Next()))
        {
        }
    }

    private readonly bool IsEnd(SqlToken token) =>
        token == SqlToken.End || (token == SqlToken.Symbol && _lexer.Symbol == ';');

    private readonly bool Is(ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(_lexer.Token, lower);
}
