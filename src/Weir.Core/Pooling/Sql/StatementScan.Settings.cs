using System.Text;
using Weir.Core.Pooling.State;

namespace Weir.Core.Pooling.Sql;

/// <summary>SET and RESET in all their forms (gram.y, VariableSetStmt and VariableResetStmt).</summary>
internal ref partial struct StatementScan
{
    /// <summary>SHOW and SET know them, but they are the transaction's.</summary>
    private static readonly string[] OfTransaction =
        ["transaction_isolation", "transaction_read_only", "transaction_deferrable"];

    private void ReadSet()
    {
        var token = _lexer.Next();
        while (token == SqlToken.Word && !IsName() && (Is("session"u8) || Is("local"u8)))
        {
            if (Is("local"u8))
            {
                // It ends with the transaction.
                SkipRest();
                return;
            }

            token = _lexer.Next();
        }

        if (token == SqlToken.Word && !IsName())
            ReadSpecial();
        else
            ReadAssignment(token);
    }

    /// <summary>The forms with key words of their own; what is none of them PostgreSQL refuses.</summary>
    private void ReadSpecial()
    {
        if (Is("transaction"u8) || Is("constraints"u8) || Is("catalog"u8))
        {
            SkipRest();
        }
        else if (Is("characteristics"u8))
        {
            AddSetting("default_transaction_isolation", isReset: false);
            AddSetting("default_transaction_read_only", isReset: false);
            AddSetting("default_transaction_deferrable", isReset: false);
            SkipRest();
        }
        else if (Is("time"u8))
        {
            _lexer.Next();
            ReadValue("timezone", isLocalDefault: true);
        }
        else if (Is("schema"u8))
        {
            ReadValue("search_path");
        }
        else if (Is("names"u8))
        {
            ReadValue("client_encoding");
        }
        else if (Is("role"u8))
        {
            ReadValue(SettingName.Role);
        }
        else if (Is("authorization"u8))
        {
            // It takes the role back too.
            AddSetting(SettingName.Role, isReset: true);
            ReadValue(SettingName.SessionAuthorization);
        }
        else if (Is("xml"u8))
        {
            _lexer.Next();
            ReadValue("xmloption");
        }
        else
        {
            ReadHidden();
        }
    }

    private void ReadAssignment(SqlToken token)
    {
        var name = ReadName(token);
        token = _lexer.Next();
        if (name is null)
            ReadHidden();
        else if (token == SqlToken.Symbol && _lexer.Symbol == '=' || token == SqlToken.Word && Is("to"u8))
            ReadValue(name);
        else if (token == SqlToken.Word && Is("from"u8))
            ReadValue(name);
        else
            ReadHidden();
    }

    /// <summary>The value itself is asked of the server; here it matters only whether it is the default.</summary>
    /// <param name="isLocalDefault">SET TIME ZONE LOCAL.</param>
    private void ReadValue(string name, bool isLocalDefault = false)
    {
        var token = _lexer.Next();
        var isReset = token == SqlToken.End
            || (token == SqlToken.Symbol && _lexer.Symbol == ';')
            || (token == SqlToken.Word && (Is("default"u8) || (isLocalDefault && Is("local"u8))));
        AddSetting(name, isReset);
        SkipRest();
    }

    private void ReadReset()
    {
        var token = _lexer.Next();
        var isName = IsName();
        if (token == SqlToken.Word && Is("all"u8))
        {
            Add(Residue.None, Touch.AllSettings);
            _names?.SetAllBack(isDiscard: false);
        }
        else if (token == SqlToken.Word && !isName && Is("time"u8))
        {
            AddSetting("timezone", isReset: true);
        }
        else if (token == SqlToken.Word && !isName && Is("session"u8))
        {
            AddSetting(SettingName.SessionAuthorization, isReset: true);
            AddSetting(SettingName.Role, isReset: true);
        }
        else if (token != SqlToken.Word || isName || !Is("transaction"u8))
        {
            var name = ReadName(token);
            if (name is null)
            {
                ReadHidden();
                return;
            }

            AddSetting(name, isReset: true);
        }

        SkipRest();
    }

    /// <summary>Whether the word just read is the (first part of the) name of a setting: "SET local.x = 1".</summary>
    private readonly bool IsName()
    {
        var ahead = _lexer;
        return ahead.Next() switch
        {
            SqlToken.Symbol => ahead.Symbol is (byte)'.' or (byte)'=',
            SqlToken.Word => Ascii.EqualsIgnoreCase(ahead.Token, "to"u8) || (ahead.Token is [_, _, _, _]
                && Ascii.EqualsIgnoreCase(ahead.Token, "from"u8)),
            _ => false,
        };
    }

    /// <summary>A name with its dots; null for one that cannot be told for sure.</summary>
    private string? ReadName(SqlToken token)
    {
        var name = "";
        while (true)
        {
            if (token is not (SqlToken.Word or SqlToken.QuotedName))
                return null;
            if (!Ascii.IsValid(_lexer.Token) || (token == SqlToken.QuotedName && !_lexer.IsVerbatim))
                return null;
            name += NameOf(token);
            var ahead = _lexer;
            if (ahead.Next() != SqlToken.Symbol || ahead.Symbol != '.')
                return name;
            _lexer.Next();
            name += ".";
            token = _lexer.Next();
        }
    }

    /// <summary>The name as the server knows it: folded unless quoted, and cut off.</summary>
    private readonly string NameOf(SqlToken token)
    {
        var bytes = token == SqlToken.QuotedName ? _lexer.Content : _lexer.Token;
        if (bytes.Length > WordTable.NameBytesMax)
            bytes = bytes[..WordTable.NameBytesMax];
        var name = Encoding.Latin1.GetString(bytes);
        return token == SqlToken.QuotedName ? name.Replace("\"\"", "\"", StringComparison.Ordinal) : SettingName.Fold(name);
    }

    private void AddSetting(string name, bool isReset)
    {
        name = SettingName.Canonical(name);
        if (name == "seed")
        {
            Add(Residue.Lasting, Touch.Lasting);
            return;
        }

        if (OfTransaction.AsSpan().Contains(name))
            return;
        Touch |= Touch.Settings;
        var names = _names ??= new ReadingNames();
        if (names.Touched.Count >= ReadingNames.CountMax && !names.Touched.Contains(name))
        {
            Add(Residue.Resettable, Touch.ComputedName);
            return;
        }

        if (isReset)
            names.SetBack(name);
        else
            names.Set(name);
        // It takes the role back too.
        if (name == SettingName.SessionAuthorization && !names.Touched.Contains(SettingName.Role))
            names.SetBack(SettingName.Role);
    }
}
