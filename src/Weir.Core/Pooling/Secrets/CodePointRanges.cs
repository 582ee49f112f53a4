using System.Globalization;

namespace Weir.Core.Pooling.Secrets;

/// <summary>
/// A set of code points. Written as gaps and lengths in hex: how many code points are skipped, how many belong.
/// </summary>
internal sealed class CodePointRanges
{
    private readonly int[] _starts;
    private readonly int[] _ends;

    public CodePointRanges(string gapsAndLengths)
    {
        var numbers = gapsAndLengths.Split(' ');
        _starts = new int[numbers.Length / 2];
        _ends = new int[numbers.Length / 2];
        var at = 0;
        for (var index = 0; index < _starts.Length; index++)
        {
            at += int.Parse(numbers[index * 2], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            _starts[index] = at;
            at += int.Parse(numbers[index * 2 + 1], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            _ends[index] = at;
        }
    }

    public bool Has(int codePoint)
    {
        var index = Array.BinarySearch(_starts, codePoint);
        index = index < 0 ? ~index - 1 : index;
        return index >= 0 && codePoint < _ends[index];
    }
}
