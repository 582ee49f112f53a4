using System.Text;
using Weir.Core.Processes;

namespace Weir.Fuzz;

/// <summary>A formation is read or refused with a reason; what was read, written again, reads the same.</summary>
internal static class FormationTarget
{
    public static void Fuzz(ReadOnlySpan<byte> data)
    {
        var formation = FormationReader.Read(Encoding.UTF8.GetString(data), out var problem);
        if (formation is null == (problem.Length == 0))
            throw new InvariantException("A refusal and its reason come together.");
        if (formation is null)
            return;
        if (formation.Any(pair => pair.Value is < 0 or > FormationReader.CountMax || !ProcfileReader.IsName(pair.Key)))
            throw new InvariantException("Not a type and a number.");
        var written = string.Join(',', formation.Select(pair => $"{pair.Key}={pair.Value}"));
        var again = FormationReader.Read(written, out _);
        if (again is null || !again.SequenceEqual(formation))
            throw new InvariantException("Written again, it is read otherwise.");
    }
}
