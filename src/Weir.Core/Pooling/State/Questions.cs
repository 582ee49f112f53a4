using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.State;

/// <summary>What there is to ask after a transaction: the question's writer and its reader must agree on it.</summary>
internal readonly ref struct Questions
{
    public Questions(SqlReading touched, SessionState before, bool isPinned, bool isCertain)
    {
        var touch = touched.Touch;
        // A library has settings of its own.
        var isHidden = (touch & (Touch.HiddenCode | Touch.Lasting)) != 0;
        var isAnyName = isHidden || touch.HasFlag(Touch.ComputedName);
        var mayFree = isPinned && touch != Touch.None;
        IsCertain = isCertain && !isAnyName;
        IsAnyName = isAnyName;
        Names = NamesOf(touched, before, isAnyName);
        Statements = isHidden || mayFree || (touch & (Touch.Prepared | Touch.StatementsGone)) != 0;
        Temp = isHidden || mayFree || touch.HasFlag(Touch.Temp);
        Listen = isHidden || mayFree || touch.HasFlag(Touch.Listen);
        Cursor = isHidden || mayFree || touch.HasFlag(Touch.Cursor);
        Lock = isHidden || mayFree || touch.HasFlag(Touch.Lock);
    }

    /// <summary>What the texts say was done; else the server is asked where each value comes from, too.</summary>
    public bool IsCertain { get; }

    /// <summary>All settings of the session are asked for.</summary>
    public bool IsAnyName { get; }

    public IReadOnlyList<string> Names { get; }

    public bool Statements { get; }

    public bool Temp { get; }

    public bool Listen { get; }

    public bool Cursor { get; }

    public bool Lock { get; }

    public bool IsAny => Names.Count > 0 || IsAnyName || Statements || Temp || Listen || Cursor || Lock;

    private static IReadOnlyList<string> NamesOf(SqlReading touched, SessionState before, bool isAnyName)
    {
        var isAll = touched.Touch.HasFlag(Touch.AllSettings);
        if (!isAll && !isAnyName)
            return touched.Names;
        var names = new List<string>(touched.Names);
        foreach (var (name, _) in before.Settings)
            ReadingNames.AddOnce(names, name);
        if (isAnyName)
        {
            // pg_settings does not tell of them.
            ReadingNames.AddOnce(names, SettingName.Role);
            ReadingNames.AddOnce(names, SettingName.SessionAuthorization);
        }

        return names;
    }
}
