namespace Weir.Core.Http;

/// <summary>Bounds of the wire gate. Bytes and counts; each default is named with its origin.</summary>
internal sealed record GateLimits
{
    public static GateLimits Default { get; } = new();

    /// <summary>
    /// Request line, in bytes without CRLF. 8 KiB: what Heroku, nginx and Gunicorn's neighbourhood allow. Over it: 414.
    /// </summary>
    public int LineBytesMax { get; init; } = 8 * 1024;

    /// <summary>Whole head, in bytes. 32 KiB: Kestrel's and HAProxy's order of size. Over it: 431.</summary>
    public int HeadBytesMax { get; init; } = 32 * 1024;

    /// <summary>
    /// Fields in a head. 100: Gunicorn's limit; a bigger one would only move the refusal to the app. Over it: 431.
    /// </summary>
    public int FieldsMax { get; init; } = 100;

    /// <summary>Bytes of extensions in one chunk.</summary>
    public int ChunkExtensionBytesMax { get; init; } = 256;

    /// <summary>Bytes of chunk extensions in one body.</summary>
    public int BodyExtensionBytesMax { get; init; } = 4 * 1024;

    /// <summary>Bytes of a trailer section.</summary>
    public int TrailerBytesMax { get; init; } = 8 * 1024;

    /// <summary>Head of an app's response, in bytes. 64 KiB holds the largest cookies apps are known to send.</summary>
    public int ResponseHeadBytesMax { get; init; } = 64 * 1024;

    /// <summary>True: faults that are not framing faults are reported and let through (<c>gate: report</c>).</summary>
    public bool ReportOnly { get; init; }

    /// <summary>True where the host chooses the app, so that an empty Host cannot be served.</summary>
    public bool HostRequired { get; init; } = true;
}
