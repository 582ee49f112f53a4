namespace Weir.Core.Pooling.Sql;

/// <summary>The names that a reading gathers; made only where there is one.</summary>
internal sealed class ReadingNames
{
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

    public void Take(SqlReading reading)
    {
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
