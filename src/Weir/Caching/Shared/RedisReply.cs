using Weir.Core.Caching.Shared;

namespace Weir.Caching.Shared;

/// <summary>What a batch came to: a value for each command, or the fault that kept them away.</summary>
internal readonly record struct RedisReply(SharedFault Fault, IReadOnlyList<RespValue> Values);
