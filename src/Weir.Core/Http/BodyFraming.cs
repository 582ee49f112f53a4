namespace Weir.Core.Http;

/// <summary>How the end of a message's body is known (RFC 9112 section 6.3).</summary>
internal enum BodyFraming : byte
{
    None,
    Length,
    Chunked,

    /// <summary>Responses only: the body ends when the connection does.</summary>
    UntilClose,
}
