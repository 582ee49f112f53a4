namespace Weir.Core.Processes;

/// <summary>One running instance.</summary>
internal sealed record InstanceRecord
{
    /// <summary>Its process type: "web".</summary>
    public string Type { get; init; } = "";

    /// <summary>Within its type, from 1.</summary>
    public int Number { get; init; }

    /// <summary>The leader of its group and session.</summary>
    public int Id { get; init; }
    public long StartTicks { get; init; }

    /// <summary>0 where it has none.</summary>
    public int Port { get; init; }

    /// <summary>Where requests go: "127.0.0.1:5000" or "unix:/path"; empty until it is ready, and where it is no web.
    /// </summary>
    public string Address { get; init; } = "";

    /// <summary>What tells its command line and environment from others: a hash, never the text.</summary>
    public string Line { get; init; } = "";
    public int Slots { get; init; }
    public bool IsAsync { get; init; }

    /// <summary>"web.1".</summary>
    public string Name => FormattableString.Invariant($"{Type}.{Number}");

    public ProcessIdentity Identity => new(Id, StartTicks);
}
