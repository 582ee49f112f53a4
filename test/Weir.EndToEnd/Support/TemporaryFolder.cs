namespace Weir.EndToEnd.Support;

/// <summary>Folders of one fixture's own, readable by servers that drop their privileges.</summary>
internal static class TemporaryFolder
{
    public static string Make()
    {
        var folder = Directory.CreateTempSubdirectory("weir-fixture-").FullName;
        // nginx's workers run as another user and must reach their temporary bodies here.
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        return folder;
    }

    public static string Write(string folder, string name, string text)
    {
        var path = Path.Combine(folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
