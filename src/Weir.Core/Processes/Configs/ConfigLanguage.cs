namespace Weir.Core.Processes.Configs;

/// <summary>The language that a server's configuration is written in.</summary>
internal enum ConfigLanguage
{
    Ruby,
    Python,
}
