using Weir.Edge;
using Weir.Processes;
using Weir.Routing;

namespace Weir.Config;

/// <summary>
/// One row of the table: a setting's only name, how it is written, and where its value lands. Its default lives on the
/// options property; <see cref="Default"/> says the same in the setting's notation, and a test holds the two together.
/// </summary>
internal sealed record Setting(string Name, SettingKind Kind, string Default, string Doc)
{
    /// <summary>The range, in microseconds, bytes or counts.</summary>
    public long Min { get; init; }
    public long Max { get; init; } = long.MaxValue;

    /// <summary>
    /// The word that stands for 0 or the empty text ("off", "auto"), which is then allowed beside the range.
    /// </summary>
    public string Zero { get; init; } = "";

    /// <summary>The words of a choice, in the order of the enum they become.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>A short flag beside the long one.</summary>
    public string Alias { get; init; } = "";

    /// <summary>A flag that switches it off: "no-pool".</summary>
    public string Not { get; init; } = "";

    /// <summary>Never shown.</summary>
    public bool Secret { get; init; }

    /// <summary>What <see cref="Check"/> says never holds what it read, so it is told of a secret as well.</summary>
    public bool IsDiscreet { get; init; }

    /// <summary>
    /// Checks a text or each item of a list, and gives it in its usual form, or a null with what is wrong.
    /// </summary>
    public Func<string, (string? Text, string Problem)>? Check { get; init; }

    public Func<WeirOptions, SettingValue, WeirOptions>? Weir { get; init; }
    public Func<AppOptions, SettingValue, AppOptions>? App { get; init; }
    public Func<RouteOptions, SettingValue, RouteOptions>? Route { get; init; }
    public Func<RunOptions, SettingValue, RunOptions>? Process { get; init; }
    public Func<CertificateOptions, SettingValue, CertificateOptions>? Certificate { get; init; }

    public string Flag => "--" + Name.Replace('.', '-');

    public string Variable => "WEIR_" + Name.Replace('.', '_').Replace('-', '_').ToUpperInvariant();
}
