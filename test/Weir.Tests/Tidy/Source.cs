using System.Runtime.CompilerServices;

namespace Weir.Tests.Tidy;

/// <summary>A file of this repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed record Source(string Path, string Text)
{
    public static string Root { get; } = FindRoot();

    public string[] Lines => Text.Split('\n');

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    /// <summary>Every C# file of ours under one of the folders.</summary>
    public static IReadOnlyList<Source> All(params string[] folders) =>
    [
        .. (folders.Length > 0 ? folders : ["src", "test", "bench"]).SelectMany(folder =>
            Directory.EnumerateFiles(System.IO.Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories))
            .Select(path => Read(System.IO.Path.GetRelativePath(Root, path)))
            .OrderBy(source => source.Path, StringComparer.Ordinal),
    ];

    public static Source Read(string path) => new(path, File.ReadAllText(System.IO.Path.Combine(Root, path)));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = System.IO.Path.GetDirectoryName(here);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder, "Weir.slnx")))
            folder = System.IO.Path.GetDirectoryName(folder);
        return folder ?? throw new InvalidOperationException("the tidy tests need the repository they were built from");
    }
}
