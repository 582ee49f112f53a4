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

    /// <summary>RESET ALL, DISCARD ALL: what was touched before is back.</summary>
    public void SetAllBack()
    {
        foreach (var name in Touched)
            AddOnce(Reset, name);
    }

    public void Take(SqlReading reading)
    {
        if (reading.Touch.HasFlag(Touch.AllSettings))
            SetAllBack();
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
