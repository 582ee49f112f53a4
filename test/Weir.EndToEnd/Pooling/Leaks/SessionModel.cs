using System.Globalization;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Leaks;

/// <summary>
/// One client's session as it must be: what every field holds, or that this client may have changed it unseen. Two
/// owners never use the same name or value, so that what came from the other one can be told.
/// </summary>
internal sealed class SessionModel
{
    private readonly IReadOnlyDictionary<SessionField, string> _fresh;
    private readonly Dictionary<SessionField, string?> _expected = [];
    private int _names;

    public SessionModel(char owner, IReadOnlyDictionary<SessionField, string> fresh)
    {
        (Owner, _fresh) = (owner, fresh);
        Clear();
    }

    /// <summary>x or y.</summary>
    public char Owner { get; }

    /// <summary>A name of its own that nothing had before.</summary>
    public string NextName => string.Create(CultureInfo.InvariantCulture, $"{Owner}{++_names}");

    /// <summary>A key for advisory locks of its own.</summary>
    public string NextLock => string.Create(CultureInfo.InvariantCulture, $"{(Owner == 'x' ? 1 : 2)}{++_names:0000}");

    /// <summary>The name last given.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Owner}{_names}");

    public string Lock => string.Create(CultureInfo.InvariantCulture, $"{(Owner == 'x' ? 1 : 2)}{_names:0000}");

    public string RoleName => "role_" + Owner;

    /// <summary>The value that this owner, and nobody else, gives a setting.</summary>
    public string Own(SessionField field) => field switch
    {
        SessionField.WorkMemory => Owner == 'x' ? "5MB" : "6MB",
        SessionField.TimeZone => Owner == 'x' ? "Asia/Tokyo" : "Asia/Dubai",
        SessionField.StatementTimeout => Owner == 'x' ? "61s" : "62s",
        SessionField.Role or SessionField.SessionUser or SessionField.CurrentUser => RoleName,
        _ => Owner + "_own",
    };

    public void Clear()
    {
        foreach (var (field, value) in _fresh) _expected[field] = value;
    }

    public void Set(SessionField field, string value) => _expected[field] = value;

    public void SetFresh(SessionField field) => _expected[field] = _fresh[field];

    public string Fresh(SessionField field) => _fresh[field];

    /// <summary>It did something to this field that no text, tag or catalogue shows.</summary>
    public void Unknown(SessionField field) => _expected[field] = null;

    public bool IsUnknown(SessionField field) => _expected[field] is null;

    /// <summary>The items of a list; none where it is not known.</summary>
    public string[] Items(SessionField field) => _expected[field] is { Length: > 0 } list ? list.Split(',') : [];

    public void Add(SessionField field, string item)
    {
        if (!IsUnknown(field)) _expected[field] = Joined(Items(field).Append(item));
    }

    public void Remove(SessionField field, string item)
    {
        if (!IsUnknown(field)) _expected[field] = Joined(Items(field).Where(one => one != item));
    }

    /// <summary>What a session sees that it must not see, or does not see that it must; empty = all is well.</summary>
    public IEnumerable<string> Faults(PgRawClient client, bool isExtended)
    {
        foreach (var (field, value) in SessionLook.Of(client, isExtended))
        {
            if (_expected[field] is { } expected)
            {
                if (value != expected) yield return $"{Owner}: {field} is '{value}', must be '{expected}'";
            }
            else if (!value.Split(',').All(item => IsMine(field, item)))
            {
                yield return $"{Owner}: {field} is '{value}', which it never set";
            }
        }
    }

    private bool IsMine(SessionField field, string item)
    {
        if (item.Length == 0 || item == _fresh[field] || item == Own(field)) return true;
        return field switch
        {
            SessionField.Locks => item[0] == (Owner == 'x' ? '1' : '2') && item.Length == 5,
            SessionField.Temporary or SessionField.Channels or SessionField.Prepared or SessionField.Cursors =>
                item[0] == Owner,
            SessionField.Library => true,
            _ => false,
        };
    }

    private static string Joined(IEnumerable<string> items) => string.Join(',', items.Order(StringComparer.Ordinal));
}
