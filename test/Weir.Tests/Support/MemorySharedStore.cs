using Weir.Caching.Shared;
using Weir.Core.Caching.Shared;

namespace Weir.Tests.Support;

/// <summary>
/// A shared store in memory: one world, and for each node a door to it, which a test can shut, and whose messages it
/// can keep away. A real one in all that tier and news can see.
/// </summary>
internal sealed class MemorySharedStore : ISharedStore
{
    private readonly World _world;
    private long _connections;
    private bool _isOpen;

    public MemorySharedStore(World world)
    {
        _world = world;
        world.Doors.Add(this);
    }

    public long Connection => _isOpen ? _connections : 0;

    public Action? WhenNews { get; set; }

    /// <summary>False: messages of purges get lost.</summary>
    public bool HearsMessages { get; set; } = true;

    /// <summary>What every fetch gives in place of what is there; null: the truth.</summary>
    public Func<byte[], byte[]>? Lie { get; set; }

    /// <summary>Ends the next purge as cut, though the store has taken it.</summary>
    public bool LosesNextAnswer { get; set; }

    public void Start() => Open();

    public void Open()
    {
        (_isOpen, _connections) = (true, _connections + 1);
        WhenNews?.Invoke();
    }

    public void Cut() => _isOpen = false;

    public void Tick(long now)
    {
    }

    public Task<SharedFetch> FetchAsync(ReadOnlyMemory<byte> name)
    {
        if (!_isOpen)
            return Task.FromResult(new SharedFetch(SharedFault.Down, default, null));
        lock (_world)
        {
            var value = _world.Values.GetValueOrDefault(Name(name)) ?? [];
            return Task.FromResult(new SharedFetch(SharedFault.None, Lie?.Invoke(value) ?? value, _world.Page(0)));
        }
    }

    public Task<SharedFault> PutAsync(
        ReadOnlyMemory<byte> name, IReadOnlyList<ReadOnlyMemory<byte>> pieces, long lifetime, long connection)
    {
        if (!_isOpen || connection != _connections)
            return Task.FromResult(SharedFault.Down);
        lock (_world)
        {
            _world.Values[Name(name)] = [.. pieces.SelectMany(piece => piece.ToArray())];
            _world.Lifetimes[Name(name)] = lifetime;
        }

        return Task.FromResult(SharedFault.None);
    }

    public Task<SharedPage> ReadPurgesAsync(int entries)
    {
        lock (_world)
        {
            return Task.FromResult(_isOpen ? new SharedPage(SharedFault.None, _world.Page(entries), _connections)
                : new SharedPage(SharedFault.Down, null, 0));
        }
    }

    public Task<SharedFault> AddPurgeAsync(PurgeEntry entry)
    {
        if (!_isOpen)
            return Task.FromResult(SharedFault.Down);
        lock (_world)
            _world.Add(entry.ToBytes());
        _world.Publish();
        var fault = LosesNextAnswer ? SharedFault.Cut : SharedFault.None;
        LosesNextAnswer = false;
        return Task.FromResult(fault);
    }

    public Task<SharedFault> BeginEraAsync(long era)
    {
        if (!_isOpen)
            return Task.FromResult(SharedFault.Down);
        lock (_world)
            _world.Forget(era);
        _world.Publish();
        return Task.FromResult(SharedFault.None);
    }

    public ValueTask DisposeAsync()
    {
        _isOpen = false;
        return ValueTask.CompletedTask;
    }

    private static string Name(ReadOnlyMemory<byte> name) => Convert.ToHexString(name.Span);

    /// <summary>What all doors lead to. Tests change it as a restart or a restore would.</summary>
    public sealed class World
    {
        private long _eras;

        public Dictionary<string, byte[]> Values { get; } = [];
        public Dictionary<string, long> Lifetimes { get; } = [];

        /// <summary>Newest first.</summary>
        public List<byte[]> Log { get; } = [];

        public List<MemorySharedStore> Doors { get; } = [];
        public long Era { get; set; }
        public long Epoch { get; set; }
        public int LogMax { get; set; } = PurgeNews.LogMax;

        public void Add(byte[] entry)
        {
            if (Era == 0)
                Era = ++_eras;
            Epoch++;
            Log.Insert(0, entry);
            if (Log.Count > LogMax)
                Log.RemoveAt(LogMax);
        }

        public void Forget(long era)
        {
            (Era, Epoch) = (era, 0);
            Log.Clear();
        }

        public PurgePage Page(int entries) => new(
            Era, Epoch, Epoch == 0 || Log.Count == 0 ? default : Log[0].AsMemory(),
            entries == 0 ? null : [.. Log.Take(entries).Select(entry => (ReadOnlyMemory<byte>)entry)], entries);

        public void Publish()
        {
            foreach (var door in Doors.Where(door => door is { _isOpen: true, HearsMessages: true }))
                door.WhenNews?.Invoke();
        }
    }
}
