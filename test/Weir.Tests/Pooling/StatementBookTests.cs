using Weir.Pooling;

namespace Weir.Tests.Pooling;

/// <summary>Statements that many sessions prepare, and those that one server connection has.</summary>
public sealed class StatementBookTests
{
    private static readonly byte[] s_noTypes = [0, 0];

    [Fact]
    public void The_same_text_and_types_are_one_statement()
    {
        var book = new StatementBook();
        var first = book.Take("select 1"u8, s_noTypes);
        Assert.Same(first, book.Take("select 1"u8, s_noTypes));
        Assert.NotSame(first, book.Take("select 1 "u8, s_noTypes));
        Assert.NotSame(first, book.Take("select 1"u8, [0, 1, 0, 0, 0, 23]));
        // Text and types are not run together.
        Assert.NotSame(book.Take("ab"u8, "c"u8), book.Take("a"u8, "bc"u8));
        Assert.Equal(2, first.Users);
        Assert.Equal(5, book.Count);
    }

    [Fact]
    public void Names_on_the_server_differ_between_statements_and_between_books()
    {
        var book = new StatementBook();
        var one = book.Take("select 1"u8, s_noTypes);
        var two = book.Take("select 2"u8, s_noTypes);
        Assert.False(one.ServerName.AsSpan().SequenceEqual(two.ServerName));
        var other = new StatementBook().Take("select 1"u8, s_noTypes);
        Assert.False(one.ServerName.AsSpan().SequenceEqual(other.ServerName));
        Assert.StartsWith("weir_", System.Text.Encoding.ASCII.GetString(one.ServerName), StringComparison.Ordinal);
    }

    [Fact]
    public void What_nobody_knows_any_more_is_forgotten_and_what_somebody_knows_stays()
    {
        var book = new StatementBook();
        var kept = book.Take("select kept"u8, s_noTypes);
        for (var each = 0; each < 20_000; each++)
            book.Give(book.Take(System.Text.Encoding.ASCII.GetBytes($"select {each}"), s_noTypes));
        Assert.InRange(book.Count, 1, 5_000);
        Assert.Same(kept, book.Take("select kept"u8, s_noTypes));
        Assert.Contains(kept, book.Snapshot());
    }

    [Fact]
    public void A_server_connection_gives_up_what_it_used_longest_ago()
    {
        var book = new StatementBook();
        var all = Enumerable.Range(0, 4)
            .Select(each => book.Take(System.Text.Encoding.ASCII.GetBytes($"select {each}"), s_noTypes)).ToArray();
        var server = new ServerStatements(max: 3);
        Assert.False(server.Use(all[0]));
        foreach (var statement in all[..3])
        {
            Assert.False(server.TryEvict(out _));
            server.Add(statement);
        }

        Assert.True(server.Use(all[0]));
        Assert.True(server.TryEvict(out var oldest));
        Assert.Same(all[1], oldest);
        server.Add(all[3]);
        Assert.False(server.Use(all[1]));
        Assert.True(server.Use(all[2]));
        Assert.Equal(3, server.Count);
        server.Remove(all[2]);
        server.Remove(all[2]);
        Assert.Equal(2, server.Count);
        server.Clear();
        Assert.Equal(0, server.Count);
        Assert.False(server.TryEvict(out _));
    }

    [Fact]
    public void The_order_of_use_agrees_with_a_plain_list()
    {
        var book = new StatementBook();
        var all = Enumerable.Range(0, 20)
            .Select(each => book.Take(System.Text.Encoding.ASCII.GetBytes($"select {each}"), s_noTypes)).ToArray();
        var chance = new Random(5);
        var server = new ServerStatements(max: 7);
        var model = new List<PreparedStatement>();
        for (var step = 0; step < 20_000; step++)
        {
            var statement = all[chance.Next(all.Length)];
            var isThere = model.Remove(statement);
            Assert.Equal(isThere, server.Use(statement));
            if (!isThere && model.Count == 7)
            {
                Assert.True(server.TryEvict(out var oldest));
                Assert.Same(model[0], oldest);
                model.RemoveAt(0);
            }

            if (!isThere)
                server.Add(statement);
            model.Add(statement);
        }
    }
}
