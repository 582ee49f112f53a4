using Weir.Core.Pooling.State;

namespace Weir.Tests.Pooling.State;

public class SessionStateTests
{
    [Fact]
    public void States_are_equal_by_what_they_hold()
    {
        var one = SessionState.Empty.With("b", "1").With("A", "2");
        var other = SessionState.Empty.With("a", "2").With("c", "3").With("B", "1").Without("C");
        Assert.Equal(one, other);
        Assert.Equal(one.GetHashCode(), other.GetHashCode());
        Assert.NotEqual(one, one.With("a", "3"));
        Assert.NotEqual(one, one.WithStatements([new("p", "PREPARE p AS SELECT 1")]));
        Assert.Equal(["a", "b"], one.Settings.Select(pair => pair.Key));
    }

    [Fact]
    public void What_changes_nothing_makes_no_new_state()
    {
        var state = SessionState.Empty.With("a", "1").WithStatements([new("p", "PREPARE p AS SELECT 1")]);
        Assert.Same(state, state.With("a", "1"));
        Assert.Same(state, state.Without("b"));
        Assert.Same(state, state.WithStatements(state.Statements));
    }

    [Fact]
    public void Old_names_are_their_new_ones() =>
        Assert.Equal("1", SessionState.Empty.With("Sort_Mem", "1").Find("work_mem"));

    [Theory]
    [InlineData("a\0b")]
    [InlineData("\u20ac")]
    public void What_no_server_can_be_sent_is_refused(string value) =>
        Assert.Throws<ArgumentException>(() => SessionState.Empty.With("a", value));

    [Fact]
    public void Pins_have_words()
    {
        Assert.Equal("", PinWords.Of(PinReasons.None));
        Assert.Equal("temporary table, LISTEN", PinWords.Of(PinReasons.Temp | PinReasons.Listen));
    }
}
