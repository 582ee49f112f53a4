using System.Text;
using Weir.Core.Pooling.State;

namespace Weir.Core.Pooling.Sql;

/// <summary>The words of a body.</summary>
internal ref partial struct StatementScan
{
    private const int LookAheadMax = 200;

    private void ReadBody(BodyRules rules)
    {
        Add(_facts.Floor, Touch.None);
        if (IsAtEnd())
            return;
        var depth = _lexer.Token is [(byte)'('] ? 1 : 0;
        while (true)
        {
            switch (_lexer.Next())
            {
                case SqlToken.End:
                    return;
                case SqlToken.Word:
                    var meaning = Find(isQuoted: false);
                    if (meaning is not null)
                        Meet(meaning, rules, depth);
                    _previous = meaning?.Keyword ?? Keyword.None;
                    continue;
                case SqlToken.QuotedName:
                    MeetQuoted(rules);
                    continue;
                case SqlToken.Symbol:
                    switch (_lexer.Symbol)
                    {
                        case (byte)';':
                            return;
                        case (byte)'(':
                            depth++;
                            break;
                        case (byte)')':
                            depth--;
                            break;
                    }

                    continue;
            }
        }
    }

    private void Meet(WordMeaning meaning, BodyRules rules, int depth)
    {
        switch (meaning.Keyword)
        {
            case Keyword.Insert or Keyword.Merge or Keyword.Update or Keyword.Delete:
                Write(meaning.Keyword);
                break;
            case Keyword.SettingsView when _isUpdate:
                Add(Residue.Resettable, Touch.ComputedName);
                break;
            case Keyword.Default when (rules & BodyRules.Default) != 0:
                Add(Residue.Resettable, Touch.Sequence);
                break;
            case Keyword.Into
                when (rules & BodyRules.Into) != 0 && _previous is not (Keyword.Insert or Keyword.Merge):
                Add(Residue.Resettable, Touch.Temp | Touch.Ddl);
                break;
            case Keyword.Temp when (rules & BodyRules.Temp) != 0:
                Add(Residue.Resettable, Touch.Temp);
                break;
            case Keyword.Hold when (rules & BodyRules.Hold) != 0 && _previous == Keyword.With:
                Add(Residue.Resettable, Touch.Cursor);
                break;
            case Keyword.Execute when (rules & BodyRules.Execute) != 0:
                Add(Residue.ResettableWithStatements, Touch.HiddenCode | Touch.Executes);
                break;
            case Keyword.From when (rules & BodyRules.CopyFrom) != 0 && depth == 0:
                CopiesIn = true;
                Write(Keyword.Insert);
                break;
            case Keyword.SetConfig:
                ReadSetConfig();
                break;
        }

        Call(meaning);
    }

    /// <summary>A name in quotes is no key word, but it may be a function, or the schema of temporary tables.</summary>
    private void MeetQuoted(BodyRules rules)
    {
        _previous = Keyword.None;
        if (!_lexer.IsVerbatim)
        {
            // No name that we know has a quote in it, and nobody's need be told apart from one that has.
            Add(Residue.ResettableWithStatements, Touch.HiddenCode);
            return;
        }

        if (Find(isQuoted: true) is not { } meaning)
            return;
        if (meaning.Keyword == Keyword.SetConfig)
            ReadSetConfig();
        else if (meaning.Keyword == Keyword.SettingsView && _isUpdate)
            Add(Residue.Resettable, Touch.ComputedName);
        else if (meaning.Keyword == Keyword.Temp && (rules & BodyRules.Temp) != 0)
            Add(Residue.Resettable, Touch.Temp);
        Call(meaning);
    }

    private void Call(WordMeaning meaning)
    {
        Add(meaning.Residue, meaning.Touch);
        foreach (var name in meaning.Settings)
            AddSetting(name, isReset: false);
    }

    private void Write(Keyword kind)
    {
        if (kind is Keyword.Insert or Keyword.Merge)
            Add(Residue.Resettable, Touch.Sequence);
        _isUpdate |= kind is Keyword.Update or Keyword.Merge;
        if (_isUpdate && _facts.HasSettingsView)
            Add(Residue.Resettable, Touch.HiddenCode);
        // Triggers run with a write.
        foreach (var name in _facts.HiddenSettings)
        {
            // Whether the trigger ran, and set it, only an audit tells.
            Add(Residue.None, Touch.HiddenCode);
            AddSetting(name, isReset: false);
        }
    }

    /// <summary>
    /// set_config(name, value, is_local): with a literal for a name it is known what to ask for, and with a true at
    /// the end it ends with the transaction. What stands between is read by the body as ever.
    /// </summary>
    private void ReadSetConfig()
    {
        var ahead = _lexer;
        if (ahead.Next() != SqlToken.Symbol || ahead.Symbol != '(')
            // Its name only, as in a GRANT.
            Add(Residue.Resettable, Touch.None);
        else if (ReadsLocalSetting(_lexer, out var name))
            return;
        else if (name is not null)
            AddSetting(name, isReset: false);
        else
            Add(Residue.Resettable, Touch.ComputedName);
    }

    /// <summary>
    /// Behind the word set_config: whether the setting ends with the transaction, or else its literal name.
    /// </summary>
    internal static bool ReadsLocalSetting(SqlLexer ahead, out string? name)
    {
        name = null;
        if (ahead.Next() != SqlToken.Symbol || ahead.Symbol != '(')
            return false;
        if (EndsInTrue(ahead))
            return true;
        if (ahead.Next() != SqlToken.Text || !ahead.IsVerbatim)
            return false;
        var content = ahead.Content;
        if (content.IsEmpty || !Ascii.IsValid(content))
            return false;
        if (ahead.Next() == SqlToken.Symbol && ahead.Symbol == ',')
            name = SettingName.Canonical(Encoding.ASCII.GetString(content));
        return false;
    }

    /// <summary>
    /// Behind the opening parenthesis: whether there are three arguments, and the third is the word true.
    /// </summary>
    private static bool EndsInTrue(SqlLexer ahead)
    {
        // Calls within calls are looked through again and again: the bound keeps a hostile text from costing its
        // square.
        var (depth, commas) = (1, 0);
        for (var tokens = 0; tokens < LookAheadMax; tokens++)
        {
            var token = ahead.Next();
            if (token == SqlToken.End)
                return false;
            if (token != SqlToken.Symbol)
                continue;
            switch (ahead.Symbol)
            {
                case (byte)'(' or (byte)'[':
                    depth++;
                    break;
                case (byte)')' or (byte)']':
                    if (--depth == 0)
                        return false;
                    break;
                case (byte)';':
                    return false;
                case (byte)',' when depth == 1 && ++commas == 2:
                    return ahead.Next() == SqlToken.Word && Ascii.EqualsIgnoreCase(ahead.Token, "true"u8)
                        && ahead.Next() == SqlToken.Symbol && ahead.Symbol == ')';
            }
        }

        return false;
    }

    /// <summary>To the semicolon, reading nothing into what is passed.</summary>
    private void SkipRest()
    {
        if (IsAtEnd())
            return;
        for (var token = _lexer.Next(); token != SqlToken.End; token = _lexer.Next())
        {
            if (token == SqlToken.Symbol && _lexer.Symbol == ';')
                return;
        }
    }

    /// <summary>The token just read ended the statement already.</summary>
    private readonly bool IsAtEnd() => _lexer.Token is [] or [(byte)';'];
}
