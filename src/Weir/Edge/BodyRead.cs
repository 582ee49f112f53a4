namespace Weir.Edge;

/// <summary>What taking a request's body from its client came to.</summary>
internal enum BodyRead : byte
{
    /// <summary>Nothing more for now; the exchange is woken when there is.</summary>
    Waiting,

    /// <summary>All of it is there.</summary>
    Whole,

    /// <summary>The store is full for now: it must flush, or be read, before more can be taken.</summary>
    Full,

    /// <summary>The client went in the middle.</summary>
    Gone,

    /// <summary>Its coding is broken; the rule says how.</summary>
    Refused,
}
