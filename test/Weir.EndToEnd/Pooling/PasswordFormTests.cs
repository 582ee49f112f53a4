using System.Globalization;
using Weir.Core.Pooling.Secrets;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling;

/// <summary>Passwords beyond ASCII: PostgreSQL counts their hashes, and Weir comes to the same.</summary>
public sealed class PasswordFormTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("m²-5µ-½-ª")]
    [InlineData("pa\u0308sswo\u0308rd")]
    [InlineData("ｐａｓｓ１")]
    [InlineData("ｶﾞｷﾞ\u3000a\u00ADb")]
    [InlineData("ê\u0323")]
    [InlineData("пароль-й\u0306")]
    [InlineData("a\u0340")]
    [InlineData("\U0001F600\u00AD")]
    [InlineData("\uFB01-™-…")]
    public void A_secret_of_the_servers_making_knows_its_password(string password)
    {
        var user = "form" + Guid.NewGuid().ToString("N")[..8];
        postgres.Server.Do($"create role {user} password '{password}'");
        try
        {
            var secret = postgres.Server.Do($"select rolpassword from pg_authid where rolname = '{user}'");
            Assert.True(ScramSecret.Parse(secret!)!.Matches(password));
            Assert.False(ScramSecret.Parse(secret!)!.Matches(password + "x"));
        }
        finally
        {
            postgres.Server.Do($"drop role {user}");
        }
    }

    /// <summary>Every letter that the tables are to hold, alone and with marks, against PostgreSQL's own.</summary>
    [Theory]
    [InlineData(0xa1, 0x24f)]
    [InlineData(0x370, 0x4ff)]
    [InlineData(0x1e00, 0x1eff)]
    [InlineData(0x2010, 0x218f)]
    [InlineData(0x3041, 0x30ff)]
    [InlineData(0xfb00, 0xfb06)]
    [InlineData(0xff01, 0xffe6)]
    public void The_form_is_postgresqls(int first, int last)
    {
        using var server = postgres.Server.Connect();
        string[] marks = ["", "\u0301", "\u0323\u0302", "\u0302\u0323", "\u0308", "\u3099"];
        var faults = new List<string>();
        for (var point = first; point <= last; point++)
        {
            if (!IsSettled(point))
                continue;
            var letter = char.ConvertFromUtf32(point);
            var text = string.Join('-', marks.Select(mark => letter + mark));
            var wanted = server.Do($"select normalize('{text.Replace("'", "''", StringComparison.Ordinal)}', NFKC)");
            if (CompatibilityForm.Of(text) is var given && given != wanted)
                faults.Add($"U+{point:X4}: {Points(given)}, PostgreSQL {Points(wanted!)}");
        }

        Assert.True(faults.Count == 0, string.Join('\n', faults.Take(20)));
    }

    /// <summary>Assigned in Unicode 3.2, and no kind that the tables leave out.</summary>
    private static bool IsSettled(int point) =>
        SaslPrep.Prepare(char.ConvertFromUtf32(point) + "\u00AD") != char.ConvertFromUtf32(point) + "\u00AD"
        && point is not (>= 0x483 and <= 0x489 or >= 0x20d0 and <= 0x20ff or >= 0xffa0 and <= 0xffdc);

    private static string Points(string text) => string.Join(' ',
        text.EnumerateRunes().Select(rune => rune.Value.ToString("X4", CultureInfo.InvariantCulture)));
}
