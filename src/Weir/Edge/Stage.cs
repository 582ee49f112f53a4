namespace Weir.Edge;

/// <summary>Where an exchange is on its way; the order is that of ARCHITECTURE.md.</summary>
internal enum Stage : byte
{
    /// <summary>1. A head is awaited or being read.</summary>
    Head,

    /// <summary>2. The body is taken at the client's pace.</summary>
    Body,

    /// <summary>
    /// 3. Another exchange fetches the answer, or another node may have it, or a stored one goes to the client.
    /// </summary>
    Cache,

    /// <summary>4. In the app's queue.</summary>
    Queue,

    /// <summary>5. A connection to the leased slot's instance is being made.</summary>
    Connect,

    /// <summary>5. and 6. The request goes out, the answer comes in and on.</summary>
    App,

    /// <summary>6. The slot is free; the client takes the rest at its pace.</summary>
    Send,

    /// <summary>Both ends talk through us.</summary>
    Tunnel,

    /// <summary>
    /// The answer is out, the client still sends: read away for a moment, so that a reset does not eat the answer.
    /// </summary>
    Linger,

    /// <summary>Closed; operations under way are awaited before buffers go back.</summary>
    Closing,
    Closed,
}
