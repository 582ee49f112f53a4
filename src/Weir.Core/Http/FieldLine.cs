namespace Weir.Core.Http;

/// <summary>What stands at a place where a field line may begin.</summary>
internal enum FieldLine : byte
{
    Incomplete,
    Field,

    /// <summary>The empty line that ends the section.</summary>
    End,

    Refused,
}
