namespace Weir.Edge;

/// <summary>What is known of a client while its request is worked on.</summary>
internal enum ClientNews : byte
{
    Quiet,

    /// <summary>It ended its direction. Gone only while it is queued: it may well still read.</summary>
    Ended,

    /// <summary>It reset the connection or the stream.</summary>
    Gone,
}
