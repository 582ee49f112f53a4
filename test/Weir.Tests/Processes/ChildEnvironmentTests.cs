using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class ChildEnvironmentTests
{
    [Fact]
    public void A_child_gets_everything_but_what_is_weirs_own()
    {
        var own = new Dictionary<string, string>
        {
            ["PATH"] = "/bin",
            ["PORT"] = "8080",
            ["FORWARDED_ALLOW_IPS"] = "10.0.0.1",
            ["DATABASE_URL"] = "postgres://app:word@db/app",
            ["SECRET_KEY_BASE"] = "theirs",
            ["WEIR_SLOTS"] = "4",
            ["WEIR_ADMIN_TOKEN"] = "ours",
            ["WEIR_POOL_PASSWORD"] = "ours",
        };
        var child = ChildEnvironment.WithPort(own, 8001);
        Assert.Equal(["DATABASE_URL", "FORWARDED_ALLOW_IPS", "PATH", "PORT", "SECRET_KEY_BASE", "WEIR_SLOTS"],
            child.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("8001", child["PORT"]);
    }

    [Fact]
    public void Without_a_port_of_its_own_a_child_gets_none() =>
        Assert.Empty(ChildEnvironment.WithPort(new Dictionary<string, string> { ["PORT"] = "8080" }, 0));
}
