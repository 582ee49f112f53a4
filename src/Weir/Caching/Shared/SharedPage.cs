using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>The state of purges, or why it cannot be read.</summary>
/// <param name="Connection">The connection it was read on; see <see cref="ISharedStore.Connection"/>.</param>
internal readonly record struct SharedPage(SharedFault Fault, PurgePage? Page, long Connection);
