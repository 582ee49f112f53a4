namespace Weir.Caching.Shared;

/// <summary>Why the shared store did not do what it was asked to.</summary>
internal enum SharedFault
{
    None,

    /// <summary>There is no connection now; told at once.</summary>
    Down,

    /// <summary>The connection broke after the asking: a write may or may not have been done.</summary>
    Cut,

    /// <summary>No answer in time, or an earlier one is late already.</summary>
    Late,

    /// <summary>Too much waits to be sent.</summary>
    Full,

    /// <summary>The server answered with an error, or with what no server says.</summary>
    Refused,
}
