using Weir.Core.Pooling.Sql;

namespace Weir.Pooling;

/// <summary>One statement of the extended protocol, the same for all who prepare the same text and types.</summary>
internal sealed class PreparedStatement(int id, byte[] serverName, byte[] text, byte[] types)
{
    /// <summary>No client's: what a connection has in the place of one that it may have or not.</summary>
    public static PreparedStatement Unknown { get; } = new(0, [], [], []);

    public int Id { get; } = id;

    /// <summary>Its name on every server connection; nobody else can guess it.</summary>
    public byte[] ServerName { get; } = serverName;

    /// <summary>Without comments.</summary>
    public byte[] Text { get; } = text;

    /// <summary>As in a Parse message: a count and so many oids.</summary>
    public byte[] Types { get; } = types;

    /// <summary>What running it may leave behind, as the catalogue was when it was asked last.</summary>
    public SqlReading Reading { get; set; } = SqlReading.Plain;

    /// <summary>The catalogue that <see cref="Reading"/> follows from.</summary>
    public object? ReadWith { get; set; }

    /// <summary>Sessions that know it by a name; the book may forget it at 0.</summary>
    public int Users;
}
