namespace Weir.Core.Caching;

/// <summary>When the app was asked and when its head was there, unix milliseconds (RFC 9111 section 4.2.3).</summary>
internal readonly record struct FillTimes(long RequestedAt, long AnsweredAt);
