using Weir.Core.Pooling.State;

namespace Weir.Pooling;

/// <summary>
/// What a client learns of the server when it logs in (ParameterStatus), and the settings that it asked for as the
/// server has them. Both come from a real server connection, once for all clients that ask for the same.
/// </summary>
internal sealed class LoginBook
{
    /// <summary>
    /// Other wishes than these are asked anew; an application_name of its own a client is the usual case.
    /// </summary>
    private const int KeptMax = 1000;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionState, LoginFacts> _byWish = [];
    private LoginFacts? _plain;

    /// <summary>For a client that asks for nothing; null: no server connection has been opened yet.</summary>
    public LoginFacts? Plain => Volatile.Read(ref _plain);

    /// <summary>
    /// A server connection has logged in. Other values than before (an upgrade, a changed default) make all that is
    /// known old.
    /// </summary>
    public void ServerIs(ServerFacts facts)
    {
        var messages = facts.Parameters.ToMessages();
        lock (_lock)
        {
            if (_plain is not null && _plain.Messages.AsSpan().SequenceEqual(messages))
                return;
            _byWish.Clear();
            Volatile.Write(ref _plain, new LoginFacts(SessionState.Empty, messages));
        }
    }

    public LoginFacts? Find(SessionState wish)
    {
        lock (_lock)
        {
            return wish.Equals(SessionState.Empty) ? _plain
                : _byWish.TryGetValue(wish, out var facts) ? facts : null;
        }
    }

    public void Add(SessionState wish, LoginFacts facts)
    {
        lock (_lock)
        {
            if (_byWish.Count >= KeptMax)
                _byWish.Clear();
            _byWish[wish] = facts;
        }
    }
}
