using Weir.Core.Http;

namespace Weir.Tests.Http;

public sealed class KnownFieldsTests
{
    public static TheoryData<string, string> Names()
    {
        var rows = new TheoryData<string, string>
        {
            { "X-Weir-Route", nameof(KnownField.WeirRoute) },
            { "X-Forwarded-Server", nameof(KnownField.XForwardedOther) },
            { "X-Forwarded-", nameof(KnownField.XForwardedOther) },
            { "X-Forwarded-Ssl", nameof(KnownField.XForwardedOther) },
            { "X-Accel-Limit-Rate", nameof(KnownField.XAccel) },
            { "X-Accel-Expires", nameof(KnownField.XAccel) },
            { "Weir-Received", nameof(KnownField.Weir) },
            { "Weir-", nameof(KnownField.Weir) },
            { "X-Weir-Received", nameof(KnownField.Weir) },
            { "X-Sendfile-Type", nameof(KnownField.XSendfileType) },
            { "", nameof(KnownField.Other) },
            { "a", nameof(KnownField.Other) },
            { "X-Forwarded", nameof(KnownField.Other) },
            { "Content-Lengt", nameof(KnownField.Other) },
            { "Content-Lengths", nameof(KnownField.Other) },
            { "Content\rLength", nameof(KnownField.Other) },
            { "Content_Length", nameof(KnownField.Other) },
            { "Upgrade-Insecure-Requests", nameof(KnownField.Other) },
            { "If-None-Match", nameof(KnownField.Other) },
        };
        // Every other value is the name without its hyphens.
        string[] hyphenated =
        [
            "Host", "Connection", "Content-Length", "Transfer-Encoding", "TE", "Trailer", "Expect", "Upgrade",
            "Keep-Alive",
            "Proxy-Connection", "Sec-WebSocket-Key", "Sec-WebSocket-Accept", "Via", "X-Forwarded-For",
            "X-Forwarded-Proto",
            "X-Forwarded-Host", "X-Forwarded-Port", "Forwarded", "X-Real-Ip", "X-Request-Start", "X-Queue-Start",
            "X-Request-Id", "Cf-Connecting-Ip", "Proxy", "Authorization", "Cookie", "Set-Cookie", "Content-Type",
            "Content-Encoding", "Cache-Control", "Date", "Server", "Max-Forwards", "Range", "Retry-After", "Accept",
            "Accept-Encoding", "Location", "X-Accel-Buffering", "X-Accel-Redirect", "X-Sendfile", "Weir-Retry",
        ];
        foreach (var name in hyphenated)
            rows.Add(name, name == "TE" ? "Te" : name.Replace("-", "", StringComparison.Ordinal));
        return rows;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_name_is_known_in_any_case(string name, string known)
    {
        Assert.Equal(known, KnownFields.Of(HeadText.Bytes(name)).ToString());
        Assert.Equal(known, KnownFields.Of(HeadText.Bytes(name.ToLowerInvariant())).ToString());
        Assert.Equal(known, KnownFields.Of(HeadText.Bytes(name.ToUpperInvariant())).ToString());
    }

    [Fact]
    public void Every_known_field_has_a_name_in_this_table()
    {
        var named = Names().Select(row => row.Data.Item2).ToHashSet();
        var missing = Enum.GetNames<KnownField>().Where(name => !named.Contains(name));
        Assert.Equal([nameof(KnownField.Underscore)], missing);
        // The parsers keep sets of them in one word of 64 bits.
        Assert.True(Enum.GetValues<KnownField>().Length <= 64);
    }

    [Theory]
    [InlineData("x-forwarded-", "XForwardedOther")]
    [InlineData("x-accel-", "XAccel")]
    [InlineData("x-weir-", "Weir")]
    [InlineData("weir-", "Weir")]
    public void A_family_is_known_at_every_length(string prefix, string known)
    {
        for (var more = 0; more < 40; more++)
            Assert.Equal(known, KnownFields.Of(HeadText.Bytes(prefix + new string('z', more))).ToString());
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void One_wrong_byte_is_another_name(string name, string known)
    {
        var exact = !known.EndsWith("Other", StringComparison.Ordinal) && known is not ("XAccel" or "Weir");
        if (!exact)
            return;
        for (var place = 0; place < name.Length; place++)
        {
            var bytes = HeadText.Bytes(name);
            for (var value = 0; value < 256; value++)
            {
                bytes[place] = (byte)value;
                if (char.ToLowerInvariant((char)value) != char.ToLowerInvariant(name[place]))
                    Assert.NotEqual(known, KnownFields.Of(bytes).ToString());
            }
        }
    }
}
