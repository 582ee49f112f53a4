using Weir.Core.Pooling.State;

namespace Weir.Core.Pooling.Sql;

/// <summary>The names that a reading gathers; made only where there is one.</summary>
internal sealed class ReadingNames
{
    /// <summary>Of one text; what touches more is as if their names were not known.</summary>
    public const int CountMax = 64;

    public List<string> Touched { get; } = [];

    public List<string> Reset { get; } = [];

    public List<string> Prepared { get; } = [];

    public List<string> Deallocated { get; } = [];

    public void Set(string name)
    {
        AddOnce(Touched, name);
        Reset.Remove(name);
    }

    public void SetBack(string name)
    {
        AddOnce(Touched, name);
        AddOnce(Reset, name);
    }

    /// <summary>What was touched before is back, but RESET ALL leaves user and role (seen on PostgreSQL 15).</summary>
    public void SetAllBack(bool isDiscard)
    {
        foreach (var name in Touched)
        {
            if (isDiscard || !SettingName.IsUser(name))
                AddOnce(Reset, name);
        }
    }

    public void Take(SqlReading reading)
    {
        if (reading.Touch.HasFlag(Touch.AllSettings))
            SetAllBack(reading.Touch.HasFlag(Touch.DiscardsAll));
        foreach (var name in reading.Names)
        {
            if (reading.ResetNames.Contains(name))
                SetBack(name);
            else
                Set(name);
        }

        foreach (var name in reading.PreparedNames)
            AddOnce(Prepared, name);
        foreach (var name in reading.Deallocated)
            AddOnce(Deallocated, name);
    }

    public static void AddOnce(List<string> list, string name)
    {
        if (!list.Contains(name))
            list.Add(name);
    }
}
