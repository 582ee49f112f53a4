using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.Catalogue;

/// <summary>What the functions of one database do to a session, as its catalogue tells. Immutable.</summary>
public sealed class CatalogueFacts
{
    /// <param name="hidden">What runs without its name in the text leaves this.</param>
    /// <param name="hasSettingsView">A user's view lets pg_settings be updated under another name.</param>
    internal CatalogueFacts(
        IReadOnlyCollection<WordMeaning> functions, Residue hidden, IReadOnlyList<string> hiddenSettings,
        bool hasSettingsView = false)
    {
        var words = Keywords.All.ToDictionary(word => Convert.ToHexString(word.Name));
        foreach (var function in functions)
        {
            HasForeignNames |= function.Name.AsSpan().ContainsAnyInRange((byte)128, (byte)255);
            var key = Convert.ToHexString(function.Name);
            words[key] = words.TryGetValue(key, out var known) ? Join(known, function) : function;
        }

        Words = new WordTable(words.Values);
        Floor = hidden;
        HiddenSettings = hiddenSettings;
        HasSettingsView = hasSettingsView;
    }

    /// <summary>Of a database whose catalogue was not read: nothing is plain.</summary>
    public static CatalogueFacts Unknown { get; } = new([], Residue.ResettableWithStatements, []);

    /// <summary>
    /// One SQL text whose rows (kind, name, detail, source; all text, null possible) a <see cref="CatalogueReader"/>
    /// takes. It names everything by its schema, so that no search_path changes it.
    /// </summary>
    public static ReadOnlySpan<byte> Query => CatalogueQuery.Text;

    /// <summary>
    /// A dangerous function can run without its name in the text: by a trigger, a rule, a view, a default, a check, a
    /// policy, an operator, a cast, an index, a type.
    /// </summary>
    public bool HasHiddenReach => Floor != Residue.None;

    /// <summary>What every statement that computes anything leaves at least.</summary>
    internal Residue Floor { get; }

    /// <summary>Settings that functions set which a write may run without naming them.</summary>
    internal IReadOnlyList<string> HiddenSettings { get; }

    /// <summary>Any UPDATE may be one of pg_settings.</summary>
    internal bool HasSettingsView { get; }

    /// <summary>A dangerous name has bytes above 127, which the server may fold otherwise than we do.</summary>
    internal bool HasForeignNames { get; }

    /// <summary>Key words and dangerous functions.</summary>
    internal WordTable Words { get; }

    /// <summary>What calling a function of this name leaves; the name as the catalogue has it, without its schema.</summary>
    public Residue Of(ReadOnlySpan<byte> functionName)
    {
        var residue = Words.Find(functionName, WordTable.HashOf(functionName), isQuoted: true)?.Residue ?? Residue.None;
        return residue > Floor ? residue : Floor;
    }

    private static WordMeaning Join(WordMeaning keyword, WordMeaning function) => keyword with
    {
        Residue = keyword.Residue > function.Residue ? keyword.Residue : function.Residue,
        Touch = keyword.Touch | function.Touch,
        Settings = [.. keyword.Settings.Union(function.Settings)],
    };
}
