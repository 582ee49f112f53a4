using Weir.Core.Http;
using Weir.Core.Ledger;

namespace Weir.Tests.Ledger;

public sealed class OutcomesTests
{
    public static TheoryData<string, string, int> Heroku => new()
    {
        { nameof(Outcome.QueueFull), "H11", 503 },
        { nameof(Outcome.FirstByteTimeout), "H12", 503 },
        { nameof(Outcome.ClosedWithoutResponse), "H13", 503 },
        { nameof(Outcome.NoInstance), "H14", 503 },
        { nameof(Outcome.AppIdle), "H15", 503 },
        { nameof(Outcome.AppMalformed), "H17", 503 },
        { nameof(Outcome.AppInterrupted), "H18", 503 },
        { nameof(Outcome.ConnectTimeout), "H19", 503 },
        { nameof(Outcome.BootTimeout), "H20", 503 },
        { nameof(Outcome.ConnectRefused), "H21", 503 },
        { nameof(Outcome.ForcedClose), "H24", 0 },
        { nameof(Outcome.AppRestriction), "H25", 502 },
        { nameof(Outcome.RefusedByGate), "H26", 400 },
        { nameof(Outcome.ClientGoneQueued), "H27", 499 },
        { nameof(Outcome.ClientIdle), "H28", 499 },
        { nameof(Outcome.AllRefused), "H99", 503 },
        { nameof(Outcome.QueueTimeout), "W11", 503 },
        { nameof(Outcome.Bug), "W99", 500 },
    };

    [Theory, MemberData(nameof(Heroku))]
    public void An_outcome_has_its_code_and_status(string outcome, string code, int status)
    {
        var facts = Outcomes.Of(Enum.Parse<Outcome>(outcome));
        Assert.Equal((code, status), (facts.Code, facts.Status));
    }

    [Fact]
    public void Every_outcome_is_described()
    {
        foreach (var outcome in Enum.GetValues<Outcome>())
        {
            var facts = Outcomes.Of(outcome);
            Assert.Equal(2, facts.Term.Length);
            Assert.Equal(facts.Level == OutcomeLevel.Info, facts.Code.Length == 0);
            Assert.Equal(facts.Code.Length == 0, facts.Description.Length == 0);
            Assert.Equal(facts.Status >= 400 && facts.Status != 499, facts.Help.Length > 0);
            Assert.DoesNotContain('"', facts.Description + facts.Help);
        }
        Assert.Equal(Enum.GetValues<Outcome>().Length, Outcomes.Count);
    }

    [Fact]
    public void A_request_that_breaks_a_rule_gets_the_rules_status()
    {
        foreach (var rule in Enum.GetValues<GateRule>().Where(rule => rule != GateRule.None))
            Assert.Equal(GateRules.Of(rule).Status, Outcomes.StatusOf(Outcome.RefusedByGate, rule));
        Assert.Equal(400, Outcomes.StatusOf(Outcome.RefusedByGate, GateRule.None));
        Assert.Equal(503, Outcomes.StatusOf(Outcome.QueueFull, GateRule.None));
    }

    [Fact]
    public void Only_Herokus_shared_codes_stand_for_more_than_one_outcome()
    {
        var shared = Enum.GetValues<Outcome>().Select(outcome => Outcomes.Of(outcome).Code)
            .Where(code => code.Length > 0).GroupBy(code => code).Where(group => group.Count() > 1)
            .Select(group => group.Key).Order();
        Assert.Equal(["H24", "H27"], shared);
    }

    [Theory]
    [InlineData(nameof(Outcome.ClientGoneQueued), nameof(Phase.Queue), "CQ")]
    [InlineData(nameof(Outcome.QueueTimeout), nameof(Phase.Queue), "sQ")]
    [InlineData(nameof(Outcome.ForcedClose), nameof(Phase.Send), "KD")]
    [InlineData(nameof(Outcome.Closing), nameof(Phase.Queue), "KQ")]
    [InlineData(nameof(Outcome.Bug), nameof(Phase.App), "IH")]
    [InlineData(nameof(Outcome.Answered), nameof(Phase.Send), "--")]
    public void The_two_letters_name_who_and_where(string outcome, string phase, string term) =>
        Assert.Equal(term, Outcomes.TermOf(Enum.Parse<Outcome>(outcome), Enum.Parse<Phase>(phase)));
}
