using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class SlotSplitTests
{
    private const long MiB = 1024 * 1024;

    [Theory]
    [InlineData("gunicorn -w 4 app:app", "", 4, "gunicorn -w 4 app:app --workers 1")]
    [InlineData("gunicorn app:app", "WEB_CONCURRENCY=3", 3, "gunicorn app:app --workers 1")]
    [InlineData("gunicorn --threads 2 -w 3 app:app", "", 3, "gunicorn --threads 2 -w 3 app:app --workers 1")]
    [InlineData("./migrate && bundle exec puma -w 2 -t 3:3", "", 2, "./migrate && bundle exec puma -w 2 -t 3:3 -w 0")]
    [InlineData("uwsgi --http-socket :$PORT -p 3", "", 3, "uwsgi --http-socket :$PORT -p 3 --processes 1")]
    public void A_server_with_workers_becomes_instances_of_one(
        string line, string environment, int instances, string rewritten)
    {
        var question = Ask.Question(line, environment);
        var offer = SlotSplit.Of(question, SlotFinder.Find(question), ["sh", "-c", line]);
        Assert.Equal((true, instances, rewritten), (offer.IsPossible, offer.Instances, offer.Line));
        Assert.Equal(["sh", "-c", rewritten], offer.Words);
    }

    [Fact]
    public void A_commands_own_words_get_two_more()
    {
        var question = Ask.Question("gunicorn -w 2 app:app");
        var offer = SlotSplit.Of(question, SlotFinder.Find(question), ["gunicorn", "-w", "2", "app:app"]);
        Assert.Equal(["gunicorn", "-w", "2", "app:app", "--workers", "1"], offer.Words);
    }

    [Theory]
    [InlineData("gunicorn app:app", "has one worker process already")]
    [InlineData("uvicorn app:app --workers 4", "async")]
    [InlineData("unicorn -c u.rb", "worker_processes 1")]
    [InlineData("sh -c 'gunicorn -w 4 app:app'", "does not end with gunicorn's own options")]
    [InlineData("gunicorn -w 4 app:app | tee log", "does not end with gunicorn's own options")]
    [InlineData("gunicorn -w 4 app:app &", "does not end with gunicorn's own options")]
    [InlineData("uwsgi -p 3 u.ini", "does not end with uwsgi's own options")]
    [InlineData("java -jar app.jar", "one worker process already")]
    public void What_cannot_be_split_says_why(string line, string why)
    {
        var question = Ask.Question(line, "", "u.rb", "worker_processes 4", "u.ini", "[uwsgi]\nprocesses = 3\n");
        var offer = SlotSplit.Of(question, SlotFinder.Find(question), ["sh", "-c", line]);
        Assert.Equal((1, line), (offer.Instances, offer.Line));
        Assert.Contains(why, offer.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_cost_is_told_in_numbers_once_it_was_measured()
    {
        Assert.Contains("known once it runs", SlotSplit.Cost(4, 0, 0, 0), StringComparison.Ordinal);
        Assert.Equal(
            "4 instances of one worker have exact slots, for about 220 MiB more memory (100 MiB each in place of "
                + "180 MiB for all); 2000 MiB is free",
            SlotSplit.Cost(4, 180 * MiB, 100 * MiB, 2000 * MiB));
        var tight = SlotSplit.Cost(4, 180 * MiB, 100 * MiB, 200 * MiB);
        Assert.EndsWith("only 200 MiB is free", tight, StringComparison.Ordinal);
        Assert.False(SlotSplit.Fits(4, 180 * MiB, 100 * MiB, 230 * MiB));
        Assert.True(SlotSplit.Fits(4, 180 * MiB, 100 * MiB, 250 * MiB));
    }
}
