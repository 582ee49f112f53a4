using Weir.Core.Processes.Configs;

namespace Weir.Core.Processes.Servers;

/// <summary>A number of workers or of threads, and where it was found.</summary>
/// <param name="Value">At least 1; 1 where it could not be read.</param>
/// <param name="Told">"-w 4", "config/puma.rb:7", "WEB_CONCURRENCY=4".</param>
internal readonly record struct Count(int Value, CountSource Source, string Told)
{
    public static Count Default(int value, string told = "") => new(value, CountSource.Default, told);

    public static Count Unread(string told) => new(1, CountSource.Unread, told);

    /// <summary>An option of the command line; null where it was not given.</summary>
    public static Count? OnLine(Flag? flag, string text = "")
    {
        if (flag is not { } given)
            return null;
        text = text.Length > 0 ? text : given.Value;
        return ConfigValue.OfText(text).TryWhole(out var whole)
            ? new Count(Math.Max(whole, 1), CountSource.Line, given.Told)
            : Unread(given.Told.Replace('\0', '?') + " on the command line");
    }

    /// <summary>A variable of the environment; null where it is not set. Text that is no number is unread.</summary>
    public static Count? InEnvironment(IReadOnlyDictionary<string, string> environment, string name)
    {
        if (!environment.TryGetValue(name, out var text))
            return null;
        return ConfigValue.OfText(text).TryWhole(out var whole)
            ? new Count(Math.Max(whole, 1), CountSource.Place, $"{name}={whole}")
            : Unread(name);
    }

    /// <summary>A setting of a configuration.</summary>
    /// <param name="file">Its path, as people know it.</param>
    /// <param name="value">The one of its values that counts.</param>
    public static Count InFile(string file, ConfigSetting setting, ConfigValue value)
    {
        var place = setting.Line > 0 ? FormattableString.Invariant($"{file}:{setting.Line}") : file;
        if (!value.TryWhole(out var whole))
            return Unread(place);
        var rests = value.Variables.Length == 0
            ? ""
            : " and " + value.Variables.Replace(" ", ", ", StringComparison.Ordinal);
        return new Count(Math.Max(whole, 1), CountSource.Place, place + rests);
    }
}

/// <summary>Where a <see cref="Count"/> comes from.</summary>
internal enum CountSource
{
    Default,
    Line,

    /// <summary>The environment or a file, which Told names.</summary>
    Place,
    Unread,
}
