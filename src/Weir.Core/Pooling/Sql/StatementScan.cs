using System.Text;
using Weir.Core.Pooling.Catalogue;

namespace Weir.Core.Pooling.Sql;

/// <summary>
/// One pass over a text, statement by statement: the head decides which words count in the body, and dangerous
/// functions count everywhere, be they called, named or only a column's namesake.
/// </summary>
internal ref partial struct StatementScan
{
    private readonly CatalogueFacts _facts;
    private SqlLexer _lexer;
    private ReadingNames? _names;
    private Keyword _previous;
    private bool _isUpdate;

    public StatementScan(ReadOnlySpan<byte> text, CatalogueFacts facts, bool backslashEscapes)
    {
        _facts = facts;
        _lexer = new SqlLexer(text, backslashEscapes);
    }

    public Residue Residue { get; private set; }

    public Touch Touch { get; private set; }

    public int Statements { get; private set; }

    public bool EndsTransaction { get; private set; }

    /// <summary>A COPY FROM is among the statements.</summary>
    public bool CopiesIn { get; private set; }

    public readonly ReadingNames? Names => _names;

    public readonly bool IsUnclear => _lexer.IsUnclear;

    public readonly bool IsUnterminated => _lexer.IsUnterminated;

    public readonly bool HasBackslash => _lexer.HasBackslash;

    public void Read()
    {
        for (var token = _lexer.Next(); token != SqlToken.End; token = _lexer.Next())
        {
            if (token == SqlToken.Symbol && _lexer.Symbol == ';')
                continue;
            Statements++;
            _previous = Keyword.None;
            _isUpdate = false;
            ReadStatement(token);
        }

        if (_lexer.HasForeignWord && _facts.HasForeignNames)
            Add(Residue.ResettableWithStatements, Touch.HiddenCode);
    }

    /// <summary>EXPLAIN and PREPARE have a statement within, whose head is met in the same loop.</summary>
    private void ReadStatement(SqlToken token)
    {
        bool isAgain;
        do
        {
            isAgain = false;
            var word = token == SqlToken.Word ? Find(isQuoted: false) : null;
            switch (word?.Keyword ?? Keyword.None)
            {
                case Keyword.None when token == SqlToken.Symbol && _lexer.Symbol == '(':
                case Keyword.Query:
                    ReadBody(BodyRules.Into | BodyRules.Default);
                    break;
                case Keyword.Explain:
                    token = SkipExplain();
                    isAgain = token != SqlToken.End;
                    break;
                case Keyword.Prepare:
                    token = ReadPrepare();
                    isAgain = token != SqlToken.End;
                    break;
                case var keyword:
                    ReadKnown(keyword);
                    break;
            }
        }
        while (isAgain);
    }

    private void ReadKnown(Keyword head)
    {
        switch (head)
        {
            case Keyword.With:
                ReadBody(BodyRules.Into | BodyRules.Default);
                return;
            case Keyword.Insert or Keyword.Merge or Keyword.Update or Keyword.Delete:
                Write(head);
                ReadBody(BodyRules.Default);
                return;
            case Keyword.Copy:
                ReadBody(BodyRules.CopyFrom);
                return;
            case Keyword.Fetch:
                ReadBody(BodyRules.None);
                return;
            case Keyword.Declare:
                ReadBody(BodyRules.Hold);
                return;
            case Keyword.Define:
                Add(Residue.Resettable, Touch.Ddl);
                ReadBody(BodyRules.Temp | BodyRules.Execute);
                return;
            case Keyword.Drop:
                Add(Residue.Resettable, Touch.Ddl | Touch.Frees);
                ReadBody(BodyRules.None);
                return;
            case Keyword.Maintain:
                Add(Residue.Resettable, Touch.None);
                ReadBody(BodyRules.None);
                return;
            default:
                ReadSession(head);
                return;
        }
    }

    /// <summary>Statements about the session itself, and what no one knows.</summary>
    private void ReadSession(Keyword head)
    {
        switch (head)
        {
            case Keyword.Begin or Keyword.Show or Keyword.Notify:
                break;
            case Keyword.Commit:
                EndsTransaction = true;
                break;
            case Keyword.Set:
                ReadSet();
                return;
            case Keyword.Reset:
                ReadReset();
                return;
            case Keyword.Deallocate:
                ReadDeallocate();
                return;
            case Keyword.Discard:
                ReadDiscard();
                return;
            case Keyword.Close or Keyword.Unlisten:
                Add(Residue.None, Touch.Frees);
                break;
            case Keyword.Listen:
                Add(Residue.Resettable, Touch.Listen);
                break;
            case Keyword.Load:
                Add(Residue.Lasting, Touch.Lasting);
                break;
            case Keyword.Execute:
                Add(Residue.None, Touch.Executes);
                ReadHidden();
                return;
            default:
                ReadHidden();
                return;
        }

        SkipRest();
    }

    /// <summary>DO, CALL, EXECUTE, and words that are new to us.</summary>
    private void ReadHidden()
    {
        var from = _lexer.Start;
        Add(Residue.ResettableWithStatements, Touch.HiddenCode);
        ReadBody(BodyRules.None);
        if (LastingWords.Mentions(_lexer.Text[from.._lexer.End]))
            Add(Residue.Lasting, Touch.Lasting);
    }

    /// <returns>The first token of the statement within; End where its body was read already.</returns>
    private SqlToken SkipExplain()
    {
        while (true)
        {
            var token = _lexer.Next();
            if (token == SqlToken.Word && (Is("analyze"u8) || Is("analyse"u8) || Is("verbose"u8)))
                continue;
            if (token != SqlToken.Symbol || _lexer.Symbol != '(')
                return token == SqlToken.Symbol && _lexer.Symbol == ';' ? SqlToken.End : token;
            // Options in parentheses, or a query that begins with one.
            var ahead = _lexer;
            if (ahead.Next() == SqlToken.Word && Find(ahead, isQuoted: false)?.Keyword is Keyword.Query or Keyword.With)
                return token;
            if (ahead.Symbol == '(')
                return token;
            _lexer.SkipParentheses();
        }
    }

    private SqlToken ReadPrepare()
    {
        var token = _lexer.Next();
        if (token == SqlToken.Word && Is("transaction"u8))
        {
            EndsTransaction = true;
            SkipRest();
            return SqlToken.End;
        }

        Add(Residue.None, Touch.Prepared);
        if (token is not (SqlToken.Word or SqlToken.QuotedName))
        {
            ReadHidden();
            return SqlToken.End;
        }

        var names = _names ??= new ReadingNames();
        AddOnce(names.Prepared, NameOf(token));
        token = _lexer.Next();
        if (token == SqlToken.Symbol && _lexer.Symbol == '(')
        {
            _lexer.SkipParentheses();
            token = _lexer.Next();
        }

        if (token == SqlToken.Word && Is("as"u8))
        {
            token = _lexer.Next();
            if (token != SqlToken.Symbol || _lexer.Symbol != ';')
                return token;
        }

        ReadHidden();
        return SqlToken.End;
    }

    private void ReadDeallocate()
    {
        var token = _lexer.Next();
        if (token == SqlToken.Word && Is("prepare"u8))
        {
            var ahead = _lexer;
            if (ahead.Next() is SqlToken.Word or SqlToken.QuotedName)
                token = _lexer.Next();
        }

        if (token == SqlToken.Word && Is("all"u8))
        {
            Add(Residue.None, Touch.Prepared | Touch.StatementsGone);
        }
        else if (token is SqlToken.Word or SqlToken.QuotedName)
        {
            Add(Residue.None, Touch.Prepared | Touch.Deallocates);
            AddOnce((_names ??= new ReadingNames()).Deallocated, NameOf(token));
        }
        else
        {
            ReadHidden();
            return;
        }

        SkipRest();
    }

    private void ReadDiscard()
    {
        var token = _lexer.Next();
        if (token == SqlToken.Word && Is("all"u8))
        {
            Add(Residue.None, Touch.AllSettings | Touch.DiscardsAll | Touch.Frees);
            Add(Residue.None, Touch.Prepared | Touch.StatementsGone);
            _names?.SetAllBack(isDiscard: true);
        }
        else if (token != SqlToken.Word || !(Is("plans"u8) || Is("sequences"u8)))
            Add(Residue.None, Touch.Frees);
        if (token != SqlToken.Symbol || _lexer.Symbol != ';')
            SkipRest();
    }

    private void Add(Residue residue, Touch touch)
    {
        if (residue > Residue)
            Residue = residue;
        Touch |= touch;
    }

    private void AddOnce(List<string> names, string name)
    {
        if (names.Count < ReadingNames.CountMax)
            ReadingNames.AddOnce(names, name);
        else
            Add(Residue.ResettableWithStatements, Touch.HiddenCode);
    }

    private readonly bool Is(ReadOnlySpan<byte> lower) => Ascii.EqualsIgnoreCase(_lexer.Token, lower);

    private readonly WordMeaning? Find(bool isQuoted) => Find(_lexer, isQuoted);

    private readonly WordMeaning? Find(in SqlLexer at, bool isQuoted) =>
        _facts.Words.Find(isQuoted ? at.Content : at.Token, at.Hash, isQuoted);
}
