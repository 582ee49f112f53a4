namespace Weir.Fuzz;

/// <summary>One parser under fuzz.</summary>
internal delegate void FuzzTarget(ReadOnlySpan<byte> data);

/// <summary>All targets by the name of their corpus directory.</summary>
internal static class FuzzTargets
{
    public static IReadOnlyDictionary<string, FuzzTarget> All { get; } = new Dictionary<string, FuzzTarget>
    {
        ["request-head"] = RequestHeadTarget.Fuzz,
        ["response-head"] = ResponseHeadTarget.Fuzz,
        ["chunked"] = ChunkedTarget.Fuzz,
        ["procfile"] = ProcfileTarget.Fuzz,
        ["env-file"] = EnvFileTarget.Fuzz,
        ["formation"] = FormationTarget.Fuzz,
        ["command-line"] = SlotsTarget.FuzzLine,
        ["ruby-config"] = SlotsTarget.FuzzRuby,
        ["python-config"] = SlotsTarget.FuzzPython,
        ["pg-startup"] = PgStartupTarget.Fuzz,
        ["pg-messages"] = PgMessagesTarget.Fuzz,
        ["scram"] = ScramTarget.Fuzz,
        ["database-url"] = DatabaseUrlTarget.Fuzz,
        ["pgbouncer-ini"] = PgBouncerTarget.FuzzIni,
        ["user-list"] = PgBouncerTarget.FuzzUserList,
        ["sql"] = SqlTarget.FuzzReader,
        ["sql-text"] = SqlTarget.FuzzText,
        ["function-source"] = FunctionSourceTarget.Fuzz,
        ["cache-control"] = CacheControlTarget.Fuzz,
        ["range"] = RangeTarget.Fuzz,
        ["no-vary-search"] = SearchTarget.Fuzz,
        ["resp"] = RespTarget.Fuzz,
        ["redis-url"] = RedisUrlTarget.Fuzz,
        ["shared-value"] = SharedValueTarget.Fuzz,
    };
}
