using System.Runtime.InteropServices;

namespace Weir.Core.Pooling.Leasing;

/// <summary>
/// How many clients are logged in, by user and by database as they name them. Only who has proved who it is counts:
/// nobody can use up what is another's.
/// </summary>
internal sealed class ClientBook
{
    private readonly Dictionary<string, int> _ofUser = [];
    private readonly Dictionary<string, int> _ofDatabase = [];

    /// <summary>The client is in, or what keeps it out; 0 = no bound.</summary>
    public ClientBound Enter(string user, int userMax, string database, int databaseMax)
    {
        if (IsFull(_ofUser, user, userMax))
            return ClientBound.User;
        if (IsFull(_ofDatabase, database, databaseMax))
            return ClientBound.Database;
        Add(_ofUser, user, 1);
        Add(_ofDatabase, database, 1);
        return ClientBound.None;
    }

    /// <summary>One that was let in has gone.</summary>
    public void Leave(string user, string database)
    {
        Add(_ofUser, user, -1);
        Add(_ofDatabase, database, -1);
    }

    private static bool IsFull(Dictionary<string, int> counts, string name, int max) =>
        max > 0 && counts.TryGetValue(name, out var count) && count >= max;

    private static void Add(Dictionary<string, int> counts, string name, int change)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, name, out _);
        count += change;
        if (count <= 0)
            counts.Remove(name);
    }
}
