namespace Weir.Core.Pooling.Messages;

/// <summary>A packet with no kind, the first of a connection (or the first behind an answer to Ssl or Gss).</summary>
internal sealed class StartupPacket
{
    private string? _user;

    public required StartupKind Kind { get; init; }

    /// <summary>Of a Startup: 3.</summary>
    public int Major { get; init; }

    /// <summary>
    /// Of a Startup: above 2 a NegotiateProtocolVersion is due. 1 is reserved and means 0.
    /// </summary>
    public int Minor { get; init; }

    /// <summary>In their order, each name once; options of the protocol (_pq_.) are not among them.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters { get; init; } = [];

    /// <summary>Names of options of the protocol (_pq_.*): Weir knows none.</summary>
    public IReadOnlyList<string> UnknownOptions { get; init; } = [];

    public int CancelPid { get; init; }

    /// <summary>Of a Cancel: 4 to 256 bytes.</summary>
    public byte[] CancelSecret { get; init; } = [];

    /// <summary>Of a Startup: never empty.</summary>
    public string User => _user ??= Get("user") ?? "";

    /// <summary>The user's name where none is given, as PostgreSQL has it.</summary>
    public string Database => Get("database") is { Length: > 0 } name ? name : User;

    public string? Get(string name)
    {
        for (var index = 0; index < Parameters.Count; index++)
        {
            if (Parameters[index].Key == name)
                return Parameters[index].Value;
        }

        return null;
    }
}
