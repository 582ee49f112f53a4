using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Weir.Tests.Support;

/// <summary>
/// Options as text, one property a line, for golden files. Only what differs from a fresh record is written.
/// </summary>
internal static class OptionsText
{
    public static string Write(object options)
    {
        var text = new StringBuilder();
        foreach (var leaf in Leaves("", options, Fresh(options.GetType())).Where(leaf => leaf.Text != leaf.Usual))
            text.Append(leaf.Name).Append(" = ").Append(leaf.Text).Append('\n');
        return text.ToString();
    }

    /// <summary>
    /// "Edge.KeepAlive", "Apps[0].Routing.Policy": every property, without what is in a list of texts.
    /// </summary>
    public static IEnumerable<string> Names(object options) =>
        Leaves("", options, null).Select(leaf => leaf.IsText ? leaf.Name[..leaf.Name.LastIndexOf('[')] : leaf.Name)
            .Distinct();

    public static string Value(object options, string name) => string.Join(
        ',',
        Leaves("", options, null)
            .Where(leaf => leaf.Name == name || leaf.Name.StartsWith(name + '[', StringComparison.Ordinal))
            .Select(leaf => leaf.Text));

    private static IEnumerable<Leaf> Leaves(string prefix, object? options, object? fresh)
    {
        if (options is null)
            yield break;
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var (name, value) = (prefix + property.Name, property.GetValue(options));
            var usual = fresh is null ? null : property.GetValue(fresh);
            var inner = value switch
            {
                not string and IEnumerable items when IsSame(items, usual) => [],
                not string and IEnumerable items => Items(name, items),
                not null when IsRecord(value.GetType()) => Leaves(name + ".", value, usual),
                _ => [new Leaf(name, Text(value), fresh is null ? null : Text(usual), false)],
            };
            foreach (var leaf in inner)
                yield return leaf;
        }
    }

    private static bool IsSame(IEnumerable items, object? usual) =>
        usual is IEnumerable others && items.Cast<object>().SequenceEqual(others.Cast<object>());

    private static IEnumerable<Leaf> Items(string name, IEnumerable items)
    {
        var index = 0;
        foreach (var entry in items)
        {
            var (at, item) = (Of(entry, "Key"), Of(entry, "Value")) is ({ } key, { } own)
                ? ($"{name}[{key}]", own)
                : ($"{name}[{index}]", entry);
            index++;
            var inner = IsRecord(item.GetType())
                ? Leaves(at + ".", item, Fresh(item.GetType()))
                : [new Leaf(at, Text(item), null, true)];
            foreach (var leaf in inner)
                yield return leaf;
        }
        if (index == 0)
            yield return new Leaf(name, "", "", false);
    }

    /// <summary>A pair of a dictionary is named by its key.</summary>
    private static object? Of(object entry, string property) =>
        entry.GetType().Name.StartsWith("KeyValuePair", StringComparison.Ordinal)
            ? entry.GetType().GetProperty(property)!.GetValue(entry)
            : null;

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";

    private static bool IsRecord(Type type) => type.Namespace!.StartsWith("Weir", StringComparison.Ordinal)
        && type.GetMethod("<Clone>$") is not null;

    private static object? Fresh(Type type) =>
        type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);

    /// <param name="Usual">What a fresh record has; null where there is no fresh one to compare with.</param>
    private sealed record Leaf(string Name, string Text, string? Usual, bool IsText);
}
