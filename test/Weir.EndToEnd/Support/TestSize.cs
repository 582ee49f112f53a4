using System.Globalization;

namespace Weir.EndToEnd.Support;

/// <summary>How much of it a test does: for every day, or what the environment says.</summary>
internal static class TestSize
{
    /// <exception cref="FormatException">The variable is set, and not to a whole number.</exception>
    public static int Of(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } told
            ? int.Parse(told, CultureInfo.InvariantCulture) : usual;
}
