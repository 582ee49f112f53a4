using System.Buffers;
using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;
using Weir.Core.Pooling.State;

namespace Weir.Tests.Pooling.State;

public class StateBatchTests
{
    private const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED;SET LOCAL exit_on_error=on";

    private const string Reset = Begin + ";RESET SESSION AUTHORIZATION;RESET ROLE;UNLISTEN *;CLOSE ALL;"
        + "SELECT pg_catalog.pg_advisory_unlock_all();DISCARD TEMP;DISCARD SEQUENCES;RESET ALL";

    private static readonly SessionState P = SessionState.Empty.WithStatements([new("p", "PREPARE p AS SELECT 1")]);

    [Fact]
    public void Nothing_is_written_where_nothing_differs()
    {
        Assert.Null(Change(SessionState.Empty, Residue.None, SessionState.Empty));
        Assert.Null(Change(Of("a.b", "1"), Residue.None, Of("a.b", "1")));
        Assert.Null(Change(SessionState.Empty, Residue.None, P));
    }

    public static TheoryData<SessionState, SessionState, string> Differences => new()
    {
        { SessionState.Empty, Of("timezone", "UTC"), ";SET \"timezone\" TO 'UTC'" },
        { Of("timezone", "UTC"), SessionState.Empty, ";RESET \"timezone\"" },
        { Of("a", "1", "b", "2"), Of("b", "3", "c", "4"), ";RESET \"a\";SET \"b\" TO '3';SET \"c\" TO '4'" },
        { SessionState.Empty, Of("app.user", "x"), ";SET \"app\".\"user\" TO 'x'" },
        { SessionState.Empty, Of("search_path", "a, b"), ";SELECT pg_catalog.set_config('search_path','a, b',false)" },
        { Of("search_path", "a"), SessionState.Empty, ";SELECT pg_catalog.set_config('search_path',NULL,false)" },
        { SessionState.Empty, Of("a", "it's \\ \u00e9\n"), ";SET \"a\" TO E'it''s \\\\ \\351\\012'" },
        { SessionState.Empty, Of("a\"; SELECT 1; --", "x"), ";SET \"a\"\"; select 1; --\" TO 'x'" },
        { SessionState.Empty, Of("a.\u00e9", "x"), ";SELECT pg_catalog.set_config(E'a.\\351','x',false)" },
        { SessionState.Empty, Of("a." + new string('b', 64), "x"),
            ";SELECT pg_catalog.set_config('a." + new string('b', 64) + "','x',false)" },
        { SessionState.Empty, Of("role", "r"), ";SET \"role\" TO 'r'" },
        { Of("role", "r"), SessionState.Empty, ";RESET \"role\"" },
        { Of("role", "r"), Of("role", "s"), ";SET \"role\" TO 's'" },
        // Rights to set are the login's: the role goes first, and comes back last.
        { Of("role", "r"), Of("role", "r", "a", "1"), ";SET ROLE NONE;SET \"a\" TO '1';SET \"role\" TO 'r'" },
        { Of("role", "r", "session_authorization", "u"), Of("a", "1"),
            ";RESET SESSION AUTHORIZATION;SET ROLE NONE;SET \"a\" TO '1';RESET \"role\"" },
        { SessionState.Empty, Of("role", "r", "session_authorization", "u", "z", "1"),
            ";SET \"z\" TO '1';SET \"session_authorization\" TO 'u';SET \"role\" TO 'r'" },
        { P, SessionState.Empty, ";DEALLOCATE \"p\"" },
        { P, P.WithStatements([new("p", "PREPARE p AS SELECT 2")]), ";DEALLOCATE \"p\"" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public void The_difference_is_written(SessionState has, SessionState wants, string middle) =>
        Assert.Equal(Begin + middle + ";COMMIT", Change(has, Residue.None, wants));

    [Fact]
    public void Residue_is_reset_and_all_is_set_again()
    {
        var state = Of("a", "1");
        Assert.Equal(Reset + ";COMMIT", Change(state, Residue.Resettable, SessionState.Empty));
        Assert.Equal(
            Reset + ";SET LOCAL exit_on_error=on;SET \"a\" TO '1';COMMIT", Change(state, Residue.Resettable, state));
        Assert.Contains(";DEALLOCATE ALL;", Change(P, Residue.ResettableWithStatements, P));
        Assert.Contains(";DEALLOCATE \"p\";", Change(P, Residue.Resettable, SessionState.Empty));
    }

    [Fact]
    public void Statements_are_a_query_of_their_own()
    {
        Assert.Equal("PREPARE p AS SELECT 1", Statements(SessionState.Empty, Residue.None, P));
        Assert.Null(Statements(P, Residue.Resettable, P));
        Assert.Equal("PREPARE p AS SELECT 1", Statements(P, Residue.ResettableWithStatements, P));
        var two = P.WithStatements([new("q", "PREPARE q AS SELECT 2"), new("p", "PREPARE p AS SELECT 1")]);
        Assert.Equal("PREPARE p AS SELECT 1;PREPARE q AS SELECT 2", Statements(SessionState.Empty, Residue.None, two));
    }

    [Theory]
    [InlineData("SELECT 1", false, false)]
    [InlineData("SELECT 1", true, false)]
    [InlineData("CLOSE c", false, false)]
    [InlineData("CLOSE c", true, true)]
    [InlineData("INSERT INTO t VALUES (1)", false, false)]
    [InlineData("SET a = 1", false, true)]
    [InlineData("LISTEN a", false, true)]
    [InlineData("DO $$ $$", false, true)]
    [InlineData("PREPARE a AS SELECT 1", false, true)]
    [InlineData("RESET ALL", false, false)]
    [InlineData("LOAD 'a'", false, true)]
    [InlineData("SELECT set_config($1, '', false)", false, true)]
    public void Only_what_was_touched_is_asked_for(string text, bool isPinned, bool isAsked)
    {
        var sql = new ArrayBufferWriter<byte>();
        var reading = SqlReader.Read(Encoding.ASCII.GetBytes(text), new CatalogueFacts([], Residue.None, []));
        Assert.Equal(isAsked, StateBatch.WriteReadBack(sql, reading, SessionState.Empty, isPinned, isCertain: true));
        Assert.Equal(isAsked, sql.WrittenCount > 0);
    }

    [Fact]
    public void A_batch_is_seven_bit_and_one_line()
    {
        var state = SessionState.Empty;
        for (var i = 1; i < 256; i++)
            state = state.With("a" + (char)i, "b" + (char)i);
        var text = Change(SessionState.Empty, Residue.Resettable, state)!;
        Assert.False(text.AsSpan().ContainsAnyExceptInRange(' ', '~'));
    }

    private static SessionState Of(params string[] pairs)
    {
        var state = SessionState.Empty;
        for (var i = 0; i < pairs.Length; i += 2)
            state = state.With(pairs[i], pairs[i + 1]);
        return state;
    }

    private static string? Change(SessionState has, Residue residue, SessionState wants)
    {
        var sql = new ArrayBufferWriter<byte>();
        return StateBatch.WriteChange(sql, has, residue, wants) ? Encoding.ASCII.GetString(sql.WrittenSpan) : null;
    }

    private static string? Statements(SessionState has, Residue residue, SessionState wants)
    {
        var sql = new ArrayBufferWriter<byte>();
        return StateBatch.WriteStatements(sql, has, residue, wants) ? Encoding.ASCII.GetString(sql.WrittenSpan) : null;
    }
}
