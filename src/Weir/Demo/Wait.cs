using System.Globalization;

namespace Weir.Demo;

/// <summary>A wait in microseconds.</summary>
/// <param name="AtLeast">True where who waited was not answered: the true wait is longer.</param>
internal readonly record struct Wait(long Micros, bool AtLeast)
{
    /// <summary>"26 ms", "10.6 s", "> 28 s".</summary>
    public override string ToString()
    {
        var number = Micros switch
        {
            < 999_500 => string.Create(CultureInfo.InvariantCulture, $"{Micros / 1e3:0} ms"),
            < 99_950_000 => string.Create(CultureInfo.InvariantCulture, $"{Micros / 1e6:0.0} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Micros / 1e6:0} s"),
        };
        return AtLeast ? "> " + number : number;
    }
}
