namespace Weir.Core.Http;

/// <summary>One header line, as offsets from the first byte of its head. The value has no space around it.</summary>
internal readonly record struct Field(int NameStart, int NameLength, int ValueStart, int ValueLength, KnownField Known);
