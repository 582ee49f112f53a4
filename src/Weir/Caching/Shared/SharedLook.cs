using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>What a look into the shared tier gave.</summary>
/// <param name="Answer">Null but for Found and FoundPurged.</param>
/// <param name="Fault">None but for Fault.</param>
internal readonly record struct SharedLook(SharedEnd End, SharedAnswer? Answer, SharedFault Fault);
