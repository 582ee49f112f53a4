using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

public sealed class ScramSecretTests
{
    private const string Stored =
        "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:"
        + "wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=";

    [Fact]
    public void The_stored_form_is_PostgreSQLs()
    {
        Assert.Equal(Stored, ScramSecret.Of("pencil", ScramLogin.Salt, 4096).ToString());
        var secret = ScramSecret.Parse(Stored)!;
        Assert.Equal(Stored, secret.ToString());
        Assert.True(secret.IsSameAs(ScramLogin.Pencil));
        Assert.True(secret.Matches("pencil"));
        Assert.False(secret.Matches("Pencil"));
        Assert.False(secret.IsSameAs(ScramSecret.Of("pencil", ScramLogin.Salt, 4097)));
        Assert.False(secret.IsSameAs(ScramSecret.Of("Pencil", ScramLogin.Salt, 4096)));
    }

    public static TheoryData<string> Bad => new(
        "", "pencil", "md5c", "SCRAM-SHA-256", "SCRAM-SHA-256$", "SCRAM-SHA-256$4096", Stored[..^1], Stored + "=",
        Stored + ":", Stored + "$", Stored + " ", " " + Stored, "scram-sha-256" + Stored[13..],
        Stored.Replace("4096", "0"), Stored.Replace("4096", "04096"), Stored.Replace("4096", "-1"),
        Stored.Replace("4096", "100001"),
        Stored.Replace("4096", ""), Stored.Replace("4096", "4096 "), Stored.Replace("4096", "99999999999"),
        Stored.Replace("W22ZaJ0SNY7soEsUEjb6gQ==", ""), Stored.Replace("W22Z", "W2*Z"),
        Stored.Replace("gQ==", "gR=="), Stored.Replace("WG5d", ""), Stored.Replace("wfPL", "wfPLwfPL"),
        Stored.Replace('$', ':'), Stored.Replace(':', '$'), Stored.Replace("WG5d", "WG\n5d"));

    [Theory]
    [MemberData(nameof(Bad))]
    public void Another_text_is_no_secret(string text) => Assert.Null(ScramSecret.Parse(text));

    [Fact]
    public void A_stored_form_cut_short_anywhere_is_no_secret()
    {
        for (var length = 0; length < Stored.Length; length++)
            Assert.Null(ScramSecret.Parse(Stored[..length]));
    }

    [Fact]
    public void A_mock_secret_is_the_same_each_time_for_one_name_and_house()
    {
        var secret = ScramSecret.Mock("anna", "house"u8);
        Assert.True(secret.IsSameAs(ScramSecret.Mock("anna", "house"u8)));
        Assert.False(secret.IsSameAs(ScramSecret.Mock("anne", "house"u8)));
        Assert.False(secret.IsSameAs(ScramSecret.Mock("anna", "other"u8)));
        Assert.Equal((16, 4096), (secret.Salt.Length, secret.Iterations));
        Assert.NotNull(ScramSecret.Parse(secret.ToString()));
    }

    [Fact]
    public void A_secret_has_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramSecret.Of("x", [], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramSecret.Of("x", new byte[257], 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramSecret.Of("x", [1], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => ScramSecret.Of("x", [1], 100_001));
    }
}
