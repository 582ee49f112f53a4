using Weir.Core.Caching;
using Weir.Tests.Http;

namespace Weir.Tests.Caching;

public class StructuredDictionaryTests
{
    public static TheoryData<string, string> Valid => new()
    {
        { "", "" },
        { "   ", "" },
        { "a", "a=Boolean 1" },
        { "a=?0", "a=Boolean 0" },
        { "max-age=3600", "max-age=Integer 3600" },
        { "a=-15", "a=Integer -15" },
        { "a=999999999999999", "a=Integer 999999999999999" },
        { "a=1.5", "a=Decimal 1" },
        { "a=999999999999.999", "a=Decimal 999999999999" },
        { "a=tok/en:x", "a=Token 0" },
        { "a=*x", "a=Token 0" },
        { "a=\"te\\\"x\\\\t, b\"", "a=Text 0" },
        { "a=:YWJj:", "a=Bytes 0" },
        { "a=@1659578233", "a=Date 1659578233" },
        { "a=(1 \"b\"  c;x=1 )", "a=InnerList 0" },
        { "a=()", "a=InnerList 0" },
        { "a;x;y=1;  z=\"b\", b=2", "a=Boolean 1, b=Integer 2" },
        { "a=1;q=0.5", "a=Integer 1" },
        { "a=1\t", "a=Integer 1" },
        { "a=1 ,\t b=2", "a=Integer 1, b=Integer 2" },
        { "*a.b-c_d=1", "*a.b-c_d=Integer 1" },
        { "a=1, a=2", "a=Integer 1, a=Integer 2" },
    };

    public static TheoryData<string> Broken => new(
        ",", "a,", "a, ", ",a", "a,,b", "A=1", "1=2", "a=", "a =1", "a= 1", "max-age =3600", "max-age= 3600", "&&&&&",
        "max-age=10000, &&&&&", "a=1000000000000000", "a=1.", "a=1.2345", "a=1234567890123.1", "a=-", "a=--1", "a=.5",
        "a=\"x", "a=\"x\\y\"", "a=\"\u00e9\"", "a=:YW", "a=:Y W:", "a=?2", "a=?", "a=(1", "a=(1\t2)", "a=(1 2",
            "a=(1,2)",
        "a=1;", "a=1;B", "a=1;b=", "a=1 b=2", "a b", "a;;b", "a=@1.5", "a=@x", "a=\u00e9", "\ta=1",
        "a=tok\"en");

    [Theory]
    [MemberData(nameof(Valid))]
    public void Members_are_read_with_their_types(string text, string expected)
    {
        var members = new List<string>();
        var dictionary = new StructuredDictionary(HeadText.Bytes(text));
        while (dictionary.Next(out var key, out var item))
            members.Add($"{HeadText.Text(key)}={item.Kind} {item.Integer}");
        Assert.False(dictionary.IsBroken);
        Assert.Equal(expected, string.Join(", ", members));
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_fault_breaks_the_whole_field(string text)
    {
        var dictionary = new StructuredDictionary(HeadText.Bytes(text));
        while (dictionary.Next(out _, out _))
        {
        }

        Assert.True(dictionary.IsBroken);
        Assert.False(dictionary.Next(out _, out _));
    }
}
