using System.Runtime.Versioning;

// Weir leans on Linux: unlinked files, /proc, unix sockets, the socket engine's inline completions.
[assembly: SupportedOSPlatform("linux")]
