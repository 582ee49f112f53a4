using Weir.Config;

namespace Weir.Tests.Config;

/// <summary>The Redis that nodes share, as it is told of, and what is told of it again.</summary>
public sealed class SharedSettingsTests
{
    [Fact]
    public void It_is_read_and_never_shown()
    {
        var (options, faults) = Bind(new()
        {
            ["cache.redis"] = "rediss://weir:geheim@cache.example:7000/3?ca=/ca.pem",
            ["cache.redis-secret"] = "verborgen",
            ["cache.redis-prefix"] = "shop",
            ["cache.redis-patience"] = "20ms",
        });
        Assert.Empty(faults);
        var shared = options!.Cache.Shared;
        Assert.Equal("rediss://weir@cache.example:7000/3", shared.Url!.Shown);
        Assert.Equal(("geheim", "verborgen", "shop"), (shared.Url.Password, shared.Secret, shared.Prefix));
        Assert.Equal(TimeSpan.FromMilliseconds(20), shared.Patience);
        Assert.Empty(shared.Validate());
        Assert.Equal(["***", "***"], options.Sources
            .Where(source => source.Name is "cache.redis" or "cache.redis-secret").Select(source => source.Value));
        var text = options.ToString() + string.Join(' ', options.Sources);
        Assert.DoesNotContain("geheim", text, StringComparison.Ordinal);
        Assert.DoesNotContain("verborgen", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache.redis", "http://:geheim@host", "begins with redis://")]
    [InlineData("cache.redis", "redis://:geheim@host/nine", "is a number")]
    [InlineData("cache.redis", "redis://:geheim@a,b", "not several")]
    [InlineData("cache.redis-prefix", "a b", "without blanks")]
    [InlineData("cache.redis-patience", "2s", "")]
    public void What_is_wrong_is_told_without_the_password(string name, string value, string problem)
    {
        var (options, faults) = Bind(new() { [name] = value });
        Assert.Null(options);
        var fault = Assert.Single(faults);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("geh", fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void None_is_none() => Assert.Null(Bind(new() { ["cache.redis"] = "none" }).Options!.Cache.Shared.Url);

    private static (WeirOptions? Options, IReadOnlyList<SettingFault> Faults) Bind(Dictionary<string, string> flags)
    {
        flags["to"] = "127.0.0.1:1";
        return SettingsBinder.Bind(flags, new Dictionary<string, string>(), null, "weir.yaml");
    }
}
