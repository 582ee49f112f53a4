namespace Weir.Core.Caching;

/// <summary>In what form a stored answer goes to a client.</summary>
internal enum AnswerKind : byte
{
    Whole,
    NotModified,
    Partial,
    Unsatisfiable,
}
