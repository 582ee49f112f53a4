using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class PortWordsTests
{
    [Theory]
    [InlineData("$PORT", "8001")]
    [InlineData("${PORT}", "8001")]
    [InlineData("127.0.0.1:$PORT", "127.0.0.1:8001")]
    [InlineData("tcp://[::]:${PORT}/x", "tcp://[::]:8001/x")]
    [InlineData("$PORT,$PORT", "8001,8001")]
    [InlineData("$PORTAL", "$PORTAL")]
    [InlineData("$PORT_2 $PORT", "$PORT_2 8001")]
    [InlineData("$PORT2", "$PORT2")]
    [InlineData("$HOME/$USER", "$HOME/$USER")]
    [InlineData("PORT", "PORT")]
    [InlineData("", "")]
    public void Port_is_filled_in_as_a_shell_would(string word, string filled) =>
        Assert.Equal([filled], PortWords.Fill([word], 8001));
}
