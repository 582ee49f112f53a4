namespace Weir.Core.Http;

/// <summary>
/// The rule of the wire gate that a message broke. What each means to the peer is in <see cref="GateRules"/>.
/// </summary>
internal enum GateRule : byte
{
    None,

    // Lines: where one ends and the next begins.
    BareCarriageReturn,
    BareLineFeed,
    NulByte,

    // The request line.
    TlsHandshake,
    MethodInvalid,
    MethodConnect,
    MethodTrace,
    TargetInvalid,
    TargetControlByte,
    TargetSpace,
    TargetFragment,
    TargetNonAscii,
    TargetAsterisk,
    VersionMissing,
    VersionInvalid,
    VersionUnsupported,

    // Field lines.
    SpaceBeforeFirstField,
    FoldedLine,
    SpaceBeforeColon,
    ColonMissing,
    FieldNameInvalid,
    ControlByteInValue,
    UnderscoreFraming,
    UnderscoreTrust,

    // Where the body ends.
    ContentLengthInvalid,
    ContentLengthRepeated,
    TransferEncodingInvalid,
    TransferEncodingRepeated,
    TransferEncodingUnsupported,
    TransferEncodingInHttp10,
    TransferEncodingWithLength,

    // Whom the request is for.
    HostMissing,
    HostEmpty,
    HostRepeated,
    HostInvalid,
    HostDisagreesWithTarget,

    // Connection, upgrade, expectation.
    ConnectionOptionTrusted,
    UpgradeWithBody,
    ExpectationUnknown,

    // The chunked coding.
    ChunkSizeInvalid,
    ChunkSizeOverflow,
    ChunkExtensionInvalid,
    ChunkExtensionTooLong,
    ChunkEndMissing,
    TrailerTooLarge,

    // Limits.
    RequestLineTooLong,
    HeadTooLarge,
    FieldsTooMany,

    // The status line of the app.
    StatusLineInvalid,

    // Found by other rooms, named here so that every refusal has one list to be explained from.
    HeadTooSlow,
    BodyTooLarge,
    TargetAmbiguous,
    ForwardLoop,
}
