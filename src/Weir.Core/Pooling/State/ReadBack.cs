using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

/// <summary>
/// What the server answered to <see cref="StateBatch.WriteReadBack"/>. One a question; not reused. Where nothing was
/// to be asked, none is needed: state, pins and connection are as before.
/// </summary>
public sealed class ReadBack
{
    private readonly List<(string Name, string? Value, bool IsDefault)> _settings = [];
    private readonly List<(string Name, string Text)> _statements = [];
    private PinReasons _found;
    private List<string>? _unkept;

    /// <summary>What pins the client from now on; known after <see cref="Apply"/>.</summary>
    public PinReasons Pins { get; private set; }

    /// <summary>
    /// Names of PREPAREd statements whose text cannot be replayed; null where the question was not about statements.
    /// Known after <see cref="Apply"/>.
    /// </summary>
    public IReadOnlyList<string>? Unkept => _unkept;

    /// <summary>What the server connection has; known after <see cref="Apply"/>.</summary>
    public SessionState Server { get; private set; } = SessionState.Empty;

    /// <summary>What the pins will have left when the client goes; to be joined with what its texts leave.</summary>
    public Residue Residue => Pins switch
    {
        PinReasons.None => Residue.None,
        var pins when pins.HasFlag(PinReasons.Lasting) => Residue.Lasting,
        var pins when pins.HasFlag(PinReasons.Prepared) => Residue.ResettableWithStatements,
        _ => Residue.Resettable,
    };

    /// <summary>One row, its columns as they came.</summary>
    /// <param name="isNull">The value is null.</param>
    public void Row(ReadOnlySpan<byte> kind, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        switch (kind)
        {
            case [(byte)'s' or (byte)'d']:
                _settings.Add((EscapedText.Read(name), isNull ? null : EscapedText.Read(value), kind[0] == 'd'));
                break;
            case [(byte)'p']:
                _statements.Add((EscapedText.Read(name), EscapedText.Read(value)));
                break;
            case [(byte)'t']:
                _found |= PinReasons.Temp;
                break;
            case [(byte)'l']:
                _found |= PinReasons.Listen;
                break;
            case [(byte)'c']:
                _found |= PinReasons.Cursor;
                break;
            case [(byte)'a']:
                _found |= PinReasons.Lock;
                break;
        }
    }

    /// <summary>The client's state after the transaction.</summary>
    /// <param name="before">Its state before, which was the connection's too.</param>
    /// <param name="startup">What its startup packet set: RESET goes back to that.</param>
    /// <param name="touched">As given to the question.</param>
    /// <param name="pinned">What pinned the client until now.</param>
    /// <param name="isCertain">As given to the question.</param>
    public SessionState Apply(
        SessionState before, SessionState startup, SqlReading touched, PinReasons pinned, bool isCertain)
    {
        var questions = new Questions(touched, before, pinned != PinReasons.None, isCertain);
        var (client, server) = (before, before);
        foreach (var (name, value, isDefault) in _settings)
        {
            server = isDefault || value is null ? server.Without(name) : server.With(name, value);
            client = questions.IsCertain
                ? AfterCertain(client, startup, touched, name, value)
                : AfterDoubt(client, before, startup, touched, name, value, isDefault);
        }

        Pins = PinsAfter(questions, touched, pinned, isCertain);
        if (questions.Statements)
            TakeStatements(ref client, ref server);
        Server = server;
        return client;
    }

    /// <summary>All that the texts say was done, in their order.</summary>
    private static SessionState AfterCertain(
        SessionState client, SessionState startup, SqlReading touched, string name, string? value)
    {
        if (!touched.Names.Contains(name))
        {
            // Asked for since all settings were reset.
            var isKept = SettingName.IsUser(name) && !touched.Touch.HasFlag(Touch.DiscardsAll);
            return isKept ? client : AtStart(client, startup, name);
        }

        if (touched.ResetNames.Contains(name))
            return AtStart(client, startup, name);
        return value is null ? client.Without(name) : client.With(name, value);
    }

    /// <summary>
    /// Some may have been undone, or done in secret. The server tells of most settings whether the session set them;
    /// of the rest (roles, names with dots) a value that means nothing counts as the default.
    /// </summary>
    private static SessionState AfterDoubt(
        SessionState client, SessionState before, SessionState startup, SqlReading touched, string name, string? value,
        bool isDefault)
    {
        var had = before.Find(name);
        if (!isDefault && value is not null && value == had)
            return client;
        var isNothing = value is null or "" || (name == SettingName.Role && value == "none");
        if (!isDefault && !isNothing)
            return client.With(name, value!);
        if (had is not null || touched.ResetNames.Contains(name))
            return AtStart(client, startup, name);
        return client;
    }

    private static SessionState AtStart(SessionState client, SessionState startup, string name) =>
        startup.Find(name) is { } value ? client.With(name, value) : client.Without(name);

    private PinReasons PinsAfter(in Questions questions, SqlReading touched, PinReasons pinned, bool isCertain)
    {
        var asked = (questions.Temp ? PinReasons.Temp : 0)
            | (questions.Listen ? PinReasons.Listen : 0)
            | (questions.Cursor ? PinReasons.Cursor : 0)
            | (questions.Lock ? PinReasons.Lock : 0)
            | (questions.Statements ? PinReasons.Prepared : 0);
        var pins = (pinned & ~asked) | _found;
        if (isCertain && touched.Touch.HasFlag(Touch.AllSettings))
            pins &= ~PinReasons.ComputedName;
        if (touched.Touch.HasFlag(Touch.ComputedName))
            pins |= PinReasons.ComputedName;
        if (touched.Touch.HasFlag(Touch.Lasting))
            pins |= PinReasons.Lasting;
        return pins;
    }

    private void TakeStatements(ref SessionState client, ref SessionState server)
    {
        var kept = new List<KeyValuePair<string, string>>();
        _unkept = [];
        foreach (var (name, text) in _statements)
        {
            if (PreparedText.Alone(name, text) is { } alone)
                kept.Add(new(name, alone));
            else
            {
                Pins |= PinReasons.Prepared;
                _unkept.Add(name);
            }
        }

        client = client.WithStatements(kept);
        server = server.WithStatements(kept);
    }
}
