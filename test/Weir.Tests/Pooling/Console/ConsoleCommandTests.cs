using Weir.Pooling.Console;

namespace Weir.Tests.Pooling.Console;

public sealed class ConsoleCommandTests
{
    public static TheoryData<string, string, string[]> Commands => new()
    {
        { "SHOW POOLS", "SHOW", ["POOLS"] },
        { "show pools;", "SHOW", ["pools"] },
        { "  Show\n\tPools ; ; ", "SHOW", ["Pools"] },
        { "-- of psql\nPAUSE /* soon */ app", "PAUSE", ["app"] },
        { "pause \"My \"\"App\"\";\"", "PAUSE", ["My \"App\";"] },
        { "SET pool_mode = 'session'", "SET", ["pool_mode", "session"] },
        { "SET pool_mode='it''s'", "SET", ["pool_mode", "it's"] },
        { "set pool_mode TO session", "SET", ["pool_mode", "session"] },
        { "kill_client 17", "KILL_CLIENT", ["17"] },
        { "RESUME to", "RESUME", ["to"] },
        { "", "", [] },
        { " ;; -- nothing", "", [] },
        { "/* never ends", "", [] },
    };

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_command_is_a_verb_and_its_words(string text, string verb, string[] words)
    {
        var command = ConsoleCommand.Parse(text);
        Assert.NotNull(command);
        Assert.Equal(verb, command.Verb);
        Assert.Equal(words, command.Words);
    }

    [Theory]
    [InlineData("SHOW POOLS; SHOW STATS")]
    [InlineData("PAUSE \"app")]
    [InlineData("SET a = 'b")]
    public void Two_commands_or_an_open_quote_are_none(string text) => Assert.Null(ConsoleCommand.Parse(text));

    [Fact]
    public void Every_prefix_of_a_command_is_read_without_a_fault()
    {
        const string text = "SET /* a */ \"k\"\"\" = 'v''' ; -- end\n;";
        for (var length = 0; length <= text.Length; length++)
            _ = ConsoleCommand.Parse(text[..length]);
    }
}
