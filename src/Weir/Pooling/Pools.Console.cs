namespace Weir.Pooling;

// What the console does with databases: they are named as clients name them. A pause or a bar is for pools that are
// made later too.
internal sealed partial class Pools
{
    private readonly HashSet<string> _paused = [];

    /// <summary>Another set at each change: every log-in looks.</summary>
    private HashSet<string> _disabled = [];
    private bool _isAllPaused;

    public bool IsAllPaused
    {
        get
        {
            lock (_lock)
                return _isAllPaused;
        }
    }

    /// <summary>Null: all.</summary>
    public Pool[] Of(string? database) => database is null ? All : [.. All.Where(pool => pool.Name == database)];

    /// <summary>The databases that the settings name.</summary>
    public IReadOnlyList<PoolDatabase> Entries => Volatile.Read(ref _options).Databases;

    /// <summary>A pool of each database that no setting names: behind the fallback, or an instance's own.</summary>
    public IReadOnlyList<Pool> Found()
    {
        var named = Entries;
        return [.. All.Where(pool => named.All(one => one.Name != pool.Name)).DistinctBy(pool => pool.Name)];
    }

    /// <summary>True where clients could ask for it, or have.</summary>
    public bool Has(string database) => Find(database) is not null || Of(database).Length > 0;

    public bool IsPaused(string database)
    {
        lock (_lock)
            return _isAllPaused || _paused.Contains(database);
    }

    public bool IsDisabled(string database) =>
        Volatile.Read(ref _disabled) is { Count: > 0 } disabled && disabled.Contains(database);

    /// <summary>New clients of the database are refused, or let in again.</summary>
    public void Disable(string database, bool isDisabled)
    {
        lock (_lock)
        {
            HashSet<string> next = [.. _disabled];
            if (isDisabled)
                next.Add(database);
            else
                next.Remove(database);
            Volatile.Write(ref _disabled, next);
        }
    }

    /// <summary>False: it is paused already.</summary>
    /// <param name="database">Null: all.</param>
    public bool Pause(string? database)
    {
        lock (_lock)
        {
            if (_isAllPaused || (database is not null && !_paused.Add(database)))
                return false;
            _isAllPaused = database is null;
        }

        foreach (var pool in Of(database))
            pool.Pause(true);
        return true;
    }

    /// <summary>False: it is not paused. All: those that were paused alone stay so.</summary>
    public bool Resume(string? database)
    {
        lock (_lock)
        {
            if (database is null ? !_isAllPaused : !_paused.Remove(database))
                return false;
            if (database is null)
                _isAllPaused = false;
        }

        foreach (var pool in Of(database))
            pool.Pause(IsPaused(pool.Name));
        return true;
    }
}
