namespace Weir.Fuzz;

/// <summary>The corpus in the repository: test/Weir.Fuzz/corpus/TARGET/.</summary>
internal static class Corpus
{
    /// <summary>The corpus directory, found by walking up to the solution file.</summary>
    public static string Root
    {
        get
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Weir.slnx")))
                    return Path.Combine(at.FullName, "test", "Weir.Fuzz", "corpus");
            }

            throw new DirectoryNotFoundException("Weir.slnx is in no directory above the program.");
        }
    }

    /// <summary>Files of one target, in the order of their names so that a seed means the same everywhere.</summary>
    public static string[] Files(string target)
    {
        var files = Directory.GetFiles(Path.Combine(Root, target));
        Array.Sort(files, StringComparer.Ordinal);
        return files;
    }
}
