using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Weir.Pooling;

/// <summary>Every statement that some session has prepared, once.</summary>
internal sealed class StatementBook
{
    /// <summary>Beyond this, statements that no session knows are forgotten.</summary>
    private const int UnusedMax = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<Key, PreparedStatement> _all = [];
    private readonly Dictionary<Key, PreparedStatement>.AlternateLookup<Sought> _sought;

    // Names cannot be guessed, so no client can bind to a statement that another prepared.
    private readonly string _prefix = "weir_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)) + "_";
    private int _nextId;

    public StatementBook()
    {
        _all = new Dictionary<Key, PreparedStatement>(new Comparer());
        _sought = _all.GetAlternateLookup<Sought>();
    }

    public int Count
    {
        get
        {
            lock (_lock)
                return _all.Count;
        }
    }

    /// <summary>The statement of this text (comments taken off) and these types; counts one more user.</summary>
    public PreparedStatement Take(ReadOnlySpan<byte> text, ReadOnlySpan<byte> types)
    {
        lock (_lock)
        {
            var sought = new Sought(text, types);
            if (!_sought.TryGetValue(sought, out var statement))
            {
                if (_all.Count > UnusedMax)
                    ForgetUnused();
                var id = ++_nextId;
                var name = Encoding.ASCII.GetBytes(_prefix + id.ToString(CultureInfo.InvariantCulture));
                statement = new PreparedStatement(id, name, text.ToArray(), types.ToArray());
                _all.Add(new Key(statement.Text, statement.Types), statement);
            }

            statement.Users++;
            return statement;
        }
    }

    public void Give(PreparedStatement statement)
    {
        lock (_lock)
            statement.Users--;
    }

    /// <summary>The statements of most users, for people.</summary>
    public PreparedStatement[] Snapshot()
    {
        lock (_lock)
            return [.. _all.Values];
    }

    private void ForgetUnused()
    {
        var unused = _all.Where(pair => pair.Value.Users == 0).Select(pair => pair.Key).ToList();
        foreach (var key in unused)
            _all.Remove(key);
    }

    private readonly record struct Key(byte[] Text, byte[] Types);

    private readonly ref struct Sought(ReadOnlySpan<byte> text, ReadOnlySpan<byte> types)
    {
        public ReadOnlySpan<byte> Text { get; } = text;
        public ReadOnlySpan<byte> Types { get; } = types;
    }

    private sealed class Comparer : IEqualityComparer<Key>, IAlternateEqualityComparer<Sought, Key>
    {
        public bool Equals(Key x, Key y) =>
            x.Text.AsSpan().SequenceEqual(y.Text) && x.Types.AsSpan().SequenceEqual(y.Types);

        public int GetHashCode(Key key) => Hash(key.Text, key.Types);

        public bool Equals(Sought alternate, Key other) =>
            alternate.Text.SequenceEqual(other.Text) && alternate.Types.SequenceEqual(other.Types);

        public int GetHashCode(Sought alternate) => Hash(alternate.Text, alternate.Types);

        public Key Create(Sought alternate) => new(alternate.Text.ToArray(), alternate.Types.ToArray());

        // The runtime's hash is keyed anew in each process: nobody can prepare texts that all fall together.
        private static int Hash(ReadOnlySpan<byte> text, ReadOnlySpan<byte> types)
        {
            var hash = new HashCode();
            hash.AddBytes(text);
            hash.AddBytes(types);
            return hash.ToHashCode();
        }
    }
}
