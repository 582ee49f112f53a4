using Weir.Core.Ledger;

namespace Weir.Ledger;

/// <summary>
/// A change of state that a person acts on: a constant text, and a number that never changes its meaning.
/// </summary>
/// <param name="Id">Unique; a block of 100 a room.</param>
internal sealed record HouseMessage(int Id, OutcomeLevel Level, string Text);
