using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

public sealed class UserListTests
{
    [Fact]
    public void Users_are_read_as_PgBouncer_reads_them()
    {
        var faults = new List<string>();
        var list = UserList.Read(""""
            ; "hidden" "x"
            "anna" "pencil"

            	"ber""t"	"md545f2603610af569b6155c45067268c6b" "more" 1
            "é" "a"" ""b;" ; rest
            "empty" ""
            "twice" "1"
            "twice""2"
            "twice" "3"
            """".Replace("\n", "\r\n") + "\n", faults);
        Assert.Equal(
            ["line 8: has no secret in double quotes behind the user: write it like \"user\" \"secret\""], faults);
        Assert.Equal(["anna", "ber\"t", "é", "empty", "twice"], list.Users);
        Assert.Equal(
            ["pencil", "md545f2603610af569b6155c45067268c6b", "a\" \"b;", "", "3"],
            list.Users.Select(user => list.TryGet(user, out var secret) ? secret : null));
        Assert.False(list.TryGet("hidden", out var none));
        Assert.Equal(("", 5), (none, list.Count));
        Assert.False(list.TryGet("Anna", out _));
    }

    [Theory]
    [InlineData("anna secret", "does not begin with a user")]
    [InlineData("# comment", "does not begin with a user")]
    [InlineData("\"anna secret", "does not begin with a user")]
    [InlineData("\"anna\" secret", "has no secret")]
    [InlineData("\"anna\" \"secret", "has no secret")]
    [InlineData("\"anna\" \"secret\"\"", "has no secret")]
    [InlineData("\"anna\"", "has no secret")]
    [InlineData("\"anna\", \"secret\"", "has no secret")]
    [InlineData("\"\" \"secret\"", "has an empty user")]
    [InlineData("\"an\0na\" \"secret\"", "has a NUL")]
    [InlineData("\"anna\" \"secret\0\"", "has a NUL")]
    public void A_broken_line_is_named_without_its_secret_and_the_rest_is_read(string line, string fault)
    {
        var faults = new List<string>();
        var list = UserList.Read($"\n{line}\n\"bert\" \"x\"", faults);
        Assert.StartsWith($"line 2: {fault}", Assert.Single(faults), StringComparison.Ordinal);
        Assert.DoesNotContain("secret\"", faults[0].Replace("\"user\" \"secret\"", ""), StringComparison.Ordinal);
        Assert.Equal(["bert"], list.Users);
    }

    [Fact]
    public void A_user_and_a_secret_are_as_long_as_with_PgBouncer()
    {
        foreach (var (user, secret, count) in ((int, int, int)[])[(127, 2047, 1), (128, 1, 0), (1, 2048, 0)])
        {
            var list = UserList.Read($"\"{new string('u', user)}\" \"{new string('s', secret)}\"", []);
            Assert.Equal(count, list.Count);
        }
    }

    [Fact]
    public void Every_prefix_is_read()
    {
        const string text = "\"a\"\"b\" \"c\"\"d\" x\n;y\n\"e\" \"f\"";
        for (var length = 0; length <= text.Length; length++)
            Assert.InRange(UserList.Read(text[..length], []).Count, 0, 2);
    }
}
