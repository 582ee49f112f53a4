namespace Weir.Config;

/// <summary>
/// A value kept in a file of its own ("file:/run/secrets/token"), so that it stands in no environment and no listing;
/// or in the environment ("env:NAME"), so that it stands in no configuration.
/// </summary>
internal static class SecretFile
{
    /// <summary>Far over any token; a wrong path must not read a disk image into memory.</summary>
    private const int BytesMax = 64 * 1024;

    private const string Prefix = "file:";
    private const string VariablePrefix = "env:";

    /// <summary>
    /// What stands in the file that the text names ("file:/path"), or for a secret in the environment ("env:NAME"); any
    /// other text as it is.
    /// </summary>
    /// <param name="isSecret">No secret begins with "file:", so a path may be relative too.</param>
    public static string? Fill(string text, bool isSecret, out string problem)
    {
        problem = "";
        if (isSecret && text.StartsWith(VariablePrefix, StringComparison.Ordinal))
        {
            var name = text[VariablePrefix.Length..];
            var value = Environment.GetEnvironmentVariable(name);
            if (string.IsNullOrEmpty(value))
                problem = $"the environment has no {name}";
            return string.IsNullOrEmpty(value) ? null : value;
        }

        return text.StartsWith(isSecret ? Prefix : Prefix + '/', StringComparison.Ordinal)
            ? Read(text[Prefix.Length..], out problem)
            : text;
    }

    /// <summary>The file's text without the line end behind it, or null and what is wrong.</summary>
    public static string? Read(string path, out string problem)
    {
        problem = "";
        try
        {
            if (new FileInfo(path).Length > BytesMax)
                problem = $"{path} is too big for a secret";
            else if (File.ReadAllText(path).TrimEnd('\r', '\n') is { Length: > 0 } text)
                return text;
            else
                problem = $"{path} is empty";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException)
        {
            problem = $"{path} cannot be read: {fault.Message}";
        }
        return null;
    }
}
