using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Weir.Tests.Support;

/// <summary>Options as text, one property a line, for golden files. Only what differs from a fresh record is written.</summary>
internal static class OptionsText
{
    public static string Write(object options)
    {
        var text = new StringBuilder();
        WriteRecord(text, "", options, Activator.CreateInstance(options.GetType()));
        return text.ToString();
    }

    private static void WriteRecord(StringBuilder text, string prefix, object options, object? fresh)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(options);
            var usual = fresh is null ? null : property.GetValue(fresh);
            var name = prefix + property.Name;
            if (value is null || value.Equals(usual))
                continue;
            if (value is IEnumerable items and not string)
                WriteItems(text, name, items);
            else if (value.GetType().Namespace!.StartsWith("Weir", StringComparison.Ordinal) && !value.GetType().IsEnum)
                WriteRecord(text, name + ".", value, usual);
            else
                text.Append(name).Append(" = ").Append(Convert.ToString(value, CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private static void WriteItems(StringBuilder text, string name, IEnumerable items)
    {
        var index = 0;
        foreach (var item in items)
        {
            if (item is string word)
                text.Append(name).Append('[').Append(index).Append("] = ").Append(word).Append('\n');
            else
                WriteRecord(text, $"{name}[{index}].", item, Fresh(item.GetType()));
            index++;
        }
    }

    private static object? Fresh(Type type) =>
        type.GetConstructor(Type.EmptyTypes) is null ? null : Activator.CreateInstance(type);
}
