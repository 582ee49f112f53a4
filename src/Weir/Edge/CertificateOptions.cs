namespace Weir.Edge;

/// <summary>
/// A certificate and its key (PEM files), and the names it is for; no names = those in the certificate.
/// </summary>
internal sealed record CertificateOptions
{
    public required string CertificateFile { get; init; }
    public required string KeyFile { get; init; }
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
