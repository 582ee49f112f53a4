using System.Text;
using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

public sealed class Md5SecretTests
{
    [Fact]
    public void The_stored_form_is_the_one_of_PgBouncers_manual() =>
        Assert.Equal("md545f2603610af569b6155c45067268c6b", Md5Secret.Hash("admin", "1234"));

    [Fact]
    public void The_answer_to_a_salt_is_the_hash_of_the_hash()
    {
        var hash = Md5Secret.Hash("admin", "1234");
        byte[] salt = [1, 2, 0xFE, 0xFF];
        var answer = Md5Secret.Response(hash, salt);
        Assert.Equal(35, answer.Length);
        Assert.True(Md5Secret.Matches(hash, salt, Encoding.ASCII.GetBytes(answer)));
        Assert.False(Md5Secret.Matches(hash, [1, 2, 3, 4], Encoding.ASCII.GetBytes(answer)));
        Assert.False(Md5Secret.Matches(Md5Secret.Hash("admin", "1235"), salt, Encoding.ASCII.GetBytes(answer)));
        Assert.False(Md5Secret.Matches(hash, salt, Encoding.ASCII.GetBytes(answer[..^1])));
        Assert.False(Md5Secret.Matches(hash, salt, Encoding.ASCII.GetBytes(hash)));
        Assert.False(Md5Secret.Matches(hash, salt, default));
    }

    [Theory]
    [InlineData("md545f2603610af569b6155c45067268c6b", true)]
    [InlineData("md545f2603610af569b6155c45067268c6B", false)]
    [InlineData("md545f2603610af569b6155c45067268c6", false)]
    [InlineData("md545f2603610af569b6155c45067268c6bb", false)]
    [InlineData("MD545f2603610af569b6155c45067268c6b", false)]
    [InlineData("md5", false)]
    [InlineData("", false)]
    public void A_stored_form_is_told_from_a_password(string text, bool isHash) =>
        Assert.Equal(isHash, Md5Secret.IsHash(text));
}
