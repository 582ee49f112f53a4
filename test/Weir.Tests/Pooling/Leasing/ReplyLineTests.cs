using Weir.Core.Pooling.Leasing;
using Weir.Core.Pooling.Messages;

namespace Weir.Tests.Pooling.Leasing;

/// <summary>Which answer of a server belongs to which message.</summary>
public sealed class ReplyLineTests
{
    [Theory]
    [InlineData("Parse", "1")]
    [InlineData("Bind", "2")]
    [InlineData("Close", "3")]
    [InlineData("DescribeStatement", "Tn")]
    [InlineData("DescribePortal", "Tn")]
    [InlineData("Execute", "CIs")]
    [InlineData("Sync", "Z")]
    [InlineData("Query", "Z")]
    [InlineData("FunctionCall", "Z")]
    public void Only_its_own_messages_complete_what_is_owed(string owed, string kinds)
    {
        var line = new ReplyLine();
        line.Add(Enum.Parse<Owed>(owed), OwedTo.Client);
        for (var kind = 0; kind < 256; kind++)
            Assert.Equal(kinds.Contains((char)kind, StringComparison.Ordinal), line.Completes((byte)kind));
    }

    [Fact]
    public void Nothing_is_completed_where_nothing_is_owed()
    {
        var line = new ReplyLine();
        Assert.True(line.IsQuiet);
        Assert.Equal(Owed.Nothing, line.Head);
        Assert.False(line.Completes(MessageKind.ReadyForQuery));
        Assert.False(line.SkipsHead(isFirst: true));
    }

    [Fact]
    public void An_error_skips_all_up_to_the_next_Sync()
    {
        var line = Of(Owed.Parse, Owed.Bind, Owed.Execute, Owed.Sync, Owed.Bind, Owed.Sync);
        var skipped = Skip(line);
        Assert.Equal(3, skipped);
        Assert.Equal(Owed.Sync, line.Head);
        line.Pop();
        Assert.Equal(Owed.Bind, line.Head);
    }

    [Theory]
    [InlineData(Owed.Query)]
    [InlineData(Owed.FunctionCall)]
    internal void A_query_that_failed_itself_is_still_answered_by_ReadyForQuery(Owed query)
    {
        Assert.Equal(0, Skip(Of(query, Owed.Sync)));
    }

    [Fact]
    public void A_query_behind_a_failed_message_is_skipped_with_it()
    {
        // The server reads on to the next Sync, and a query on the way there is as nothing.
        var line = Of(Owed.Parse, Owed.Query, Owed.Sync);
        Assert.Equal(2, Skip(line));
        Assert.Equal(Owed.Sync, line.Head);
    }

    [Fact]
    public void What_was_sent_after_the_last_Sync_hangs_in_the_air()
    {
        var line = Of(Owed.Parse);
        Assert.True(line.IsUnsynced);
        line.Pop();
        Assert.False(line.IsQuiet);
        line.Add(Owed.Sync, OwedTo.Client);
        Assert.False(line.IsUnsynced);
        line.Pop();
        Assert.True(line.IsQuiet);
    }

    [Fact]
    public void What_the_house_invents_is_not_sent_and_hangs_nowhere()
    {
        var line = new ReplyLine();
        line.Add(Owed.Parse, OwedTo.Invented);
        Assert.False(line.IsUnsynced);
        line.Add(Owed.Bind, OwedTo.Client);
        line.Add(Owed.Close, OwedTo.Invented);
        Assert.True(line.IsUnsynced);
    }

    [Theory]
    [InlineData(true, Owed.Sync)]
    [InlineData(true, Owed.Parse, Owed.Bind, Owed.Execute, Owed.Sync)]
    [InlineData(false)]
    [InlineData(false, Owed.Parse)]
    [InlineData(false, Owed.Query)]
    [InlineData(false, Owed.Query, Owed.Sync)]
    [InlineData(false, Owed.Sync, Owed.Parse, Owed.Sync)]
    [InlineData(false, Owed.Sync, Owed.Parse)]
    internal void One_batch_ends_with_its_only_Sync(bool expected, params Owed[] owed) =>
        Assert.Equal(expected, Of(owed).EndsWithOnlySync);

    [Fact]
    public void During_COPY_the_server_overlooks_Syncs()
    {
        var line = Of(Owed.Execute, Owed.Sync, Owed.Bind, Owed.Sync, Owed.Sync);
        line.ForgetSyncs();
        Assert.Equal([Owed.Execute, Owed.Bind], line.Snapshot().Select(entry => entry.What));
        Assert.True(line.IsUnsynced);
        line.Add(Owed.Sync, OwedTo.Client);
        Assert.False(line.IsUnsynced);
    }

    [Fact]
    public void A_Parse_is_in_doubt_from_the_next_Sync_until_it_is_answered()
    {
        var line = Of(Owed.Sync);
        var parse = line.Next;
        line.Add(Owed.Parse, OwedTo.Client);
        line.Add(Owed.Bind, OwedTo.Client);
        Assert.False(line.IsInDoubt(parse));
        line.Add(Owed.Sync, OwedTo.Client);
        Assert.True(line.IsInDoubt(parse));
        var again = line.Next;
        line.Add(Owed.Parse, OwedTo.House);
        Assert.False(line.IsInDoubt(again));
        line.Pop();
        Assert.True(line.IsInDoubt(parse));
        line.Pop();
        Assert.False(line.IsInDoubt(parse));
        line.Add(Owed.Query, OwedTo.Client);
        Assert.True(line.IsInDoubt(again));
        line.Clear();
        Assert.False(line.IsInDoubt(again));
        Assert.False(line.IsInDoubt(number: -1));
    }

    [Fact]
    public void It_keeps_its_order_whatever_its_length()
    {
        var line = new ReplyLine();
        var (added, taken) = (0, 0);
        var chance = new Core.Chance.SeededRandom(7);
        for (var step = 0; step < 20_000; step++)
        {
            if (chance.NextBelow(100) < 52 || added == taken)
            {
                line.Add(added % 5 == 0 ? Owed.Sync : Owed.Bind, OwedTo.Client, subject: added, change: (byte)added);
                added++;
            }
            else
            {
                Assert.Equal(taken, line.HeadSubject);
                Assert.Equal((byte)taken, line.HeadChange!);
                Assert.Equal(taken % 5 == 0 ? Owed.Sync : Owed.Bind, line.Head);
                line.Pop();
                taken++;
            }

            Assert.Equal(added - taken, line.Count);
        }
    }

    [Fact]
    public void A_redirected_answer_goes_to_the_house_and_the_rest_to_the_client()
    {
        var line = Of(Owed.Query, Owed.Sync);
        line.Redirect(OwedTo.House, "replay");
        Assert.Equal((OwedTo.House, "replay"), (line.HeadTo, line.HeadSubject));
        line.Pop();
        Assert.Equal((OwedTo.Client, null), (line.HeadTo, line.HeadSubject));
        line.Clear();
        Assert.True(line.IsQuiet);
    }

    private static ReplyLine Of(params Owed[] owed)
    {
        var line = new ReplyLine();
        foreach (var one in owed)
            line.Add(one, OwedTo.Client);
        return line;
    }

    private static int Skip(ReplyLine line)
    {
        var count = 0;
        for (; line.SkipsHead(isFirst: count == 0); count++)
            line.Pop();
        return count;
    }
}
