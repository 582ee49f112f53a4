using Weir.Core.Pooling.Addresses;

namespace Weir.Pooling;

/// <summary>A database as clients name it, and where it is. What is null is as for all databases.</summary>
internal sealed record PoolDatabase
{
    /// <summary>The name of the entry that takes every name that no other entry has.</summary>
    public const string Fallback = "*";

    /// <summary>The name that clients ask for, or <see cref="Fallback"/>.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// Where it is, with TLS as libpq names it, and the password where one is given. <see cref="SameName"/> says
    /// whether its database counts.
    /// </summary>
    public required DatabaseUrl Server { get; init; }

    /// <summary>The database on the server has the name that the client asked for.</summary>
    public bool SameName { get; init; }

    /// <summary>
    /// Every client of this database works as this user, with the server's password: one pool. Null: as itself, with a
    /// pool for each user.
    /// </summary>
    public string? User { get; init; }

    /// <summary>
    /// The one that a URL names, as the user that it names; or, where it names no database, all of its server.
    /// </summary>
    public static PoolDatabase Of(DatabaseUrl server) => new()
    {
        Name = server.Database.Length > 0 ? server.Database : Fallback,
        Server = server,
        SameName = server.Database.Length == 0,
        User = server.User.Length > 0 ? server.User : null,
    };

    public PoolMode? Mode { get; init; }

    /// <summary>Server connections of each of its pools.</summary>
    public int? Size { get; init; }
    public int? SizeMin { get; init; }

    /// <summary>Of each of its pools, beyond its size.</summary>
    public int? ReserveSize { get; init; }

    /// <summary>Server connections of all of its pools; 0 = as for all databases.</summary>
    public int? ConnectionsMax { get; init; }

    /// <summary>Server connections that the server has for this host; null = not known.</summary>
    public int? ServerMax { get; init; }

    /// <summary>Client sessions; 0 = as for all databases.</summary>
    public int? ClientsMax { get; init; }

    /// <summary>Who asks the auth query for this database.</summary>
    public string? AuthUser { get; init; }

    /// <summary>Where the auth query is asked; a database as clients name it.</summary>
    public string? AuthDatabase { get; init; }
}
