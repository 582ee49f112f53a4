using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>What an instance's DATABASE_URL is where nothing is pooled in this Weir, and what is said of it.</summary>
public sealed class DatabaseWayTests
{
    // Nobody listens on port 1.
    private const string Url = "postgres://u:s3cret@127.0.0.1:1/d?sslmode=disable&application_name=a";
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("", "", "weir: DATABASE_URL: not pooled, Weir could not use postgres://u:***@127.0.0.1:1/d")]
    [InlineData("", "--no-pool", "weir: DATABASE_URL: not pooled: pool.enabled is off (--no-pool)")]
    [InlineData("WEIR_POOL_ENABLED=off", "", "weir: DATABASE_URL: not pooled: pool.enabled is off (WEIR_POOL_ENABLED)")]
    [InlineData("DYNO=run.1", "", "weir: DATABASE_URL: not pooled: run.1 is for one command")]
    public void An_instance_keeps_the_original_and_the_reason_is_told(string variable, string flag, string told)
    {
        var output = Run(variable, flag);
        Assert.Contains(told, output, StringComparison.Ordinal);
        Assert.Contains($"url <{Url}>", output, StringComparison.Ordinal);
        // The app said it, and Weir repeats the last words of what ended; nothing else has it.
        Assert.All(output.Split('\n').Where(line => line.Contains("s3cret", StringComparison.Ordinal)),
            line => Assert.Contains($"url <{Url}>", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_pooler_of_its_own_life_gets_the_apps_own_user_and_parameters()
    {
        var output = Run("", "--pool 127.0.0.1:6432");
        Assert.Contains("weir: DATABASE_URL: through the weir pool at 127.0.0.1:6432", output,
            StringComparison.Ordinal);
        Assert.Contains("url <postgres://u:s3cret@127.0.0.1:6432/d?sslmode=disable&application_name=a>", output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_without_postgresql_hears_nothing_of_it()
    {
        var output = Run("DATABASE_URL=mysql://u:p@h/d", "");
        Assert.Contains("url <mysql://u:p@h/d>", output, StringComparison.Ordinal);
        Assert.DoesNotContain("pool", output, StringComparison.Ordinal);
    }

    /// <summary>What Weir and a command that ends at once have said.</summary>
    private static string Run(string variable, string flag)
    {
        var environment = new Dictionary<string, string> { ["DATABASE_URL"] = Url };
        if (variable.Split('=', 2) is [var name, var value])
            environment[name] = value;
        using var run = WeirRun.StartWith(environment, ["/bin/sh", "-c", "echo \"url <$DATABASE_URL>\"; exit 3"],
            flag.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(run.Process.WaitForExit(Soon));
        return run.Process.Output;
    }
}
