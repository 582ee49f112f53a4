namespace Weir.Config;

/// <summary>A part of the file that may stand there more than once: an app, a route, a certificate.</summary>
internal sealed record FileBlock(string Name, string Where)
{
    public List<RawSetting> Values { get; } = [];
    public List<FileBlock> Routes { get; } = [];
}
