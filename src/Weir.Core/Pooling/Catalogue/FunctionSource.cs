using System.Text;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;

namespace Weir.Core.Pooling.Catalogue;

/// <summary>Reads a function's source, SQL or PL/pgSQL, for the words of session state. It errs to the side of danger.</summary>
internal sealed class FunctionSource
{
    private static readonly WordTable BuiltIn = new(Keywords.All);
    private readonly HashSet<string> _settings = [];

    private FunctionSource()
    {
    }

    public Residue Residue { get; private set; }

    public Touch Touch { get; private set; }

    public IReadOnlyCollection<string> Settings => _settings;

    /// <summary>All names in it, folded as the server folds them: some may be functions.</summary>
    public HashSet<string> Mentions { get; } = new(StringComparer.Ordinal);

    public static FunctionSource Read(ReadOnlySpan<byte> source)
    {
        var result = new FunctionSource();
        if (!result.Scan(source, backslashEscapes: false))
            result.Scan(source, backslashEscapes: true);
        return result;
    }

    /// <returns>False where a backslash makes it worth another scan.</returns>
    private bool Scan(ReadOnlySpan<byte> source, bool backslashEscapes)
    {
        var lexer = new SqlLexer(source, backslashEscapes);
        // UPDATE table AS t SET: that SET is not a statement. Any other between the two words makes it one.
        var (isUpdate, hasUpdate) = (false, false);
        while (true)
        {
            var token = lexer.Next();
            if (token == SqlToken.End)
                break;
            if (token is not (SqlToken.Word or SqlToken.QuotedName))
            {
                isUpdate &= token == SqlToken.Symbol && lexer.Symbol is (byte)'.' or (byte)'*';
                hasUpdate &= token != SqlToken.Symbol || lexer.Symbol != ';';
                continue;
            }

            var isQuoted = token == SqlToken.QuotedName;
            var bytes = isQuoted ? lexer.Content : lexer.Token;
            var word = Encoding.Latin1.GetString(bytes);
            word = isQuoted ? word.Replace("\"\"", "\"", StringComparison.Ordinal) : SettingName.Fold(word);
            Mentions.Add(word);
            isUpdate &= isQuoted || word is not ("loop" or "then" or "else" or "begin" or "declare");
            var meaning = BuiltIn.Find(bytes, lexer.Hash, isQuoted);
            if (meaning is null)
                continue;
            if (meaning.Keyword == Keyword.Set && isUpdate)
                isUpdate = false;
            else if (meaning.Keyword == Keyword.Default && hasUpdate)
                Add(Residue.Resettable, Touch.Sequence);
            else
                Meet(meaning, lexer, isQuoted);
            isUpdate |= meaning.Keyword == Keyword.Update;
            hasUpdate |= meaning.Keyword == Keyword.Update;
        }

        if (lexer.IsUnclear || lexer.IsUnterminated || lexer.HasForeignWord)
            Add(Residue.ResettableWithStatements, Touch.HiddenCode);
        return !lexer.HasBackslash;
    }

    private void Meet(WordMeaning meaning, in SqlLexer lexer, bool isQuoted)
    {
        Add(meaning.Residue, meaning.Touch | AuditOf(meaning));
        switch (meaning.Keyword)
        {
            case Keyword.Set:
                MeetSet(lexer);
                break;
            case Keyword.Insert or Keyword.Merge or Keyword.Copy:
                Add(Residue.Resettable, Touch.Sequence);
                break;
            case Keyword.Reset or Keyword.Discard or Keyword.Listen or Keyword.Temp or Keyword.Hold:
                Add(Residue.Resettable, Touch.HiddenCode);
                break;
            case Keyword.Prepare or Keyword.Execute or Keyword.Deallocate:
                Add(Residue.ResettableWithStatements, Touch.HiddenCode);
                break;
            case Keyword.SetConfig:
                MeetSetConfig(lexer);
                break;
            case Keyword.SettingsView:
                Add(Residue.Resettable, Touch.HiddenCode | Touch.ComputedName);
                break;
            case Keyword.Load or Keyword.Code when !isQuoted:
                MeetCode(lexer, meaning.Keyword == Keyword.Load);
                break;
        }
    }

    /// <summary>What a lock or a cursor needs asking of the text, a function needs asking by an audit.</summary>
    private static Touch AuditOf(WordMeaning meaning) =>
        (meaning.Touch & ~(Touch.Sequence | Touch.ReadsSequence | Touch.Frees)) == 0 ? Touch.None : Touch.HiddenCode;

    /// <summary>Words that stand for a statement only where a literal follows: DO $$…$$, LOAD '…'.</summary>
    private void MeetCode(SqlLexer lexer, bool isLoad)
    {
        var next = lexer.Next();
        if (next is SqlToken.Text or SqlToken.DollarText
            || (next == SqlToken.Word && Ascii.EqualsIgnoreCase(lexer.Token, "language"u8)))
            Add(isLoad ? Residue.Lasting : Residue.ResettableWithStatements, Touch.HiddenCode);
    }

    private void MeetSet(SqlLexer lexer)
    {
        var token = lexer.Next();
        if (token == SqlToken.Word && Ascii.EqualsIgnoreCase(lexer.Token, "local"u8))
        {
            var ahead = lexer;
            // "SET local.x" is a setting's name.
            if (ahead.Next() != SqlToken.Symbol)
                return;
        }

        Add(Residue.Resettable, Touch.HiddenCode);
        if (token == SqlToken.Word && Ascii.EqualsIgnoreCase(lexer.Token, "session"u8))
            lexer.Next();
        // Only names with dots matter: of all others the server tells by itself.
        var name = Encoding.Latin1.GetString(lexer.Token);
        if (lexer.Next() == SqlToken.Symbol && lexer.Symbol == '.' && lexer.Next() == SqlToken.Word
            && Ascii.IsValid(lexer.Token))
            _settings.Add(SettingName.Canonical(name + "." + Encoding.ASCII.GetString(lexer.Token)));
    }

    private void MeetSetConfig(SqlLexer lexer)
    {
        if (StatementScan.ReadsLocalSetting(lexer, out var name))
            return;
        if (name is "seed")
            Add(Residue.Lasting, Touch.HiddenCode | Touch.Lasting);
        Add(Residue.Resettable, name is null ? Touch.HiddenCode | Touch.ComputedName : Touch.HiddenCode);
        if (name is not null)
            _settings.Add(name);
    }

    private void Add(Residue residue, Touch touch)
    {
        if (residue > Residue)
            Residue = residue;
        Touch |= touch;
    }
}
