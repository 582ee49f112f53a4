using Weir.Verbs;

namespace Weir.Tests.Verbs;

[Collection("console")]
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("weir: 'prxy' is not a verb; did you mean proxy?", "prxy")]
    [InlineData("weir: proxy: no such flag: --prot; did you mean --port?", "proxy", "--prot", "80")]
    [InlineData("weir: proxy: --queue-max-wait needs a value", "proxy", "--queue-max-wait")]
    [InlineData("weir: check: --port is given twice", "check", "--port", "1", "--port", "2")]
    [InlineData("weir: status: 'now' is not expected here", "status", "now")]
    [InlineData("weir: check: 'b' is not expected here", "check", "a", "b")]
    [InlineData("weir: proxy: web has no instances", "proxy")]
    [InlineData("weir: run: there is no Procfile in ", "run")]
    [InlineData("weir: status takes no command behind --", "status", "--", "ls")]
    [InlineData("weir: bypass: say weir bypass PART on|off", "bypass")]
    [InlineData("weir: bypass: no such part: all-of-it", "bypass", "all-of-it", "on")]
    [InlineData("weir: bypass: say weir bypass all on, or off", "bypass", "all", "maybe")]
    [InlineData("weir: --queue-max-wait: queue.max-wait: '5x' is not a duration", "check", "--queue-max-wait", "5x")]
    [InlineData("weir: pool: there is no database; say: weir pool --to postgres://", "pool")]
    [InlineData("weir: pool: no such flag: --slots ", "pool", "--slots", "2")]
    [InlineData("weir: --pool-to: pool.to: not a valid value", "pool", "--to", "mysql://u:secret@h/d")]
    [InlineData("weir: --pool-tls: pool.tls: needs pool.tls-certificate and pool.tls-key",
        "pool", "--to", "postgres://u:p@h/d", "--pool-tls", "require")]
    [InlineData("weir: pool takes no command behind --", "pool", "--", "ls")]
    [InlineData("weir: check: give --pool-enabled or --no-pool, not both", "check", "--no-pool", "--pool-enabled")]
    [InlineData("weir: check: --no-pool is given twice", "check", "--no-pool", "--no-pool")]
    [InlineData("weir: /nowhere/weir.yaml: cannot be read", "check", "/nowhere/weir.yaml")]
    public async Task Wrong_usage_is_told_in_one_line(string told, params string[] args)
    {
        var (code, _, error) = await RunAsync(args);
        Assert.Equal(CommandLine.WrongUsage, code);
        Assert.StartsWith(told, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd('\n').Split('\n'));
    }

    [Fact]
    public async Task Check_says_what_would_be_in_force()
    {
        var (code, output, error) = await RunAsync(
            "check", "--to", "a:1", "--to=b:2=3", "--policy", "random", "--quiet");
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("a:1=1 b:2=3", output, StringComparison.Ordinal);
        Assert.Contains("random  (--routing-policy)", output, StringComparison.Ordinal);
        Assert.Contains("on  (--quiet)", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http2  off  (--http2)", "--http2", "off")]
    [InlineData("http2  off  (--http2)", "--http2=off")]
    [InlineData("quiet  on  (--quiet)", "--quiet", "on")]
    [InlineData("quiet  on  (--quiet)", "--quiet")]
    [InlineData("pool.enabled  off  (--pool-enabled)", "--no-pool")]
    [InlineData("pool.enabled  off  (--pool-enabled)", "--pool-enabled", "off")]
    [InlineData("pool.mode  session  (--pool-mode)", "--mode", "session")]
    [InlineData("run.pool  127.0.0.1:6432  (--run-pool)", "--pool", "127.0.0.1:6432")]
    [InlineData("pool.to  ***  (--pool-to)", "--pool-to", "postgres://u:p@h/d")]
    public async Task A_switch_takes_on_and_off_or_nothing(string told, params string[] flags)
    {
        var (code, output, error) = await RunAsync(["check", .. flags]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains(told, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_names_the_program()
    {
        var (code, output, _) = await RunAsync("version");
        Assert.Equal(0, code);
        Assert.StartsWith("weir ", output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (usualOut, usualError) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var error = new StringWriter();
        Console.SetOut(output);
        Console.SetError(error);
        try
        {
            return (await CommandLine.RunAsync(args), output.ToString(), error.ToString());
        }
        finally
        {
            Console.SetOut(usualOut);
            Console.SetError(usualError);
        }
    }
}
