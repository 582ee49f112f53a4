namespace Weir.Core.Pooling.Leasing;

/// <summary>Who gets an answer.</summary>
internal enum OwedTo : byte
{
    /// <summary>The client, as the server says it.</summary>
    Client,

    /// <summary>The house, which asked on its own account; the client must not see it.</summary>
    House,

    /// <summary>The client, from the house: nothing was sent to the server.</summary>
    Invented,
}
