using System.Text;
using Weir.Core.Http;

namespace Weir.Ledger;

/// <summary>Names of the gate's rules, made once: naming an enum value makes a string each time.</summary>
internal static class RuleNames
{
    private static readonly string[] Names = Build();

    public static string Of(GateRule rule) => Names[(byte)rule];

    /// <summary>"BareLineFeed" → "bare-line-feed".</summary>
    private static string[] Build()
    {
        var names = new string[256];
        Array.Fill(names, "unknown");
        foreach (var rule in Enum.GetValues<GateRule>())
        {
            var name = new StringBuilder();
            foreach (var letter in rule.ToString())
            {
                if (char.IsUpper(letter) && name.Length > 0)
                    name.Append('-');
                name.Append(char.ToLowerInvariant(letter));
            }
            names[(byte)rule] = name.ToString();
        }
        return names;
    }
}
