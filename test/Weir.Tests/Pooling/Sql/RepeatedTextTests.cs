using System.Text;
using Weir.Core.Pooling.Catalogue;
using Weir.Core.Pooling.Sql;
using Weir.Tests.Support;

namespace Weir.Tests.Pooling.Sql;

/// <summary>A text that differs from the one before in a number only is read as the one before.</summary>
public sealed class RepeatedTextTests
{
    private static readonly CatalogueFacts Facts = MakeFacts();

    /// <summary>Whatever texts follow each other, each is read as if it came alone.</summary>
    [Theory]
    [InlineData("select 1")]
    [InlineData("select a1 from t1 where id = 17 limit 10")]
    [InlineData("select 'x1', \"y1\", $1, $a1$ 1 $a1$, 1.5e10 /* 1 */ -- 1")]
    [InlineData("select set_config('a.b', '1', 1 = 1)")]
    [InlineData("set work_mem to 100; select 1")]
    [InlineData("copy t from stdin; select 1")]
    [InlineData("select '\\1', 1")]
    [InlineData("select f1(1), f2(2)")]
    [InlineData("begin; select 1; commit; select 2")]
    [InlineData("select 1; listen l1")]
    public void Each_text_is_read_as_if_it_came_alone(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var repeated = new RepeatedText();
        foreach (var other in Variations(bytes))
        {
            Same(SqlReader.Read(bytes, Facts), repeated.Read(bytes, Facts));
            Same(SqlReader.Read(other, Facts), repeated.Read(other, Facts));
        }
    }

    /// <summary>Of two functions that differ by a digit one leaves something.</summary>
    [Fact]
    public void A_digit_of_a_name_makes_another_text()
    {
        var repeated = new RepeatedText();
        Assert.Equal(Residue.None, repeated.Read("select f1(7)"u8, Facts).Residue);
        Assert.NotEqual(Residue.None, repeated.Read("select f2(7)"u8, Facts).Residue);
        Assert.Equal(Residue.None, repeated.Read("select f1(8)"u8, Facts).Residue);
    }

    [Fact]
    public void What_the_catalogue_says_anew_holds()
    {
        var repeated = new RepeatedText();
        Assert.Equal(Residue.None, repeated.Read("select 1"u8, Facts).Residue);
        Assert.NotEqual(Residue.None, repeated.Read("select 2"u8, CatalogueFacts.Unknown).Residue);
        Assert.Equal(Residue.None, repeated.Read("select 3"u8, Facts).Residue);
    }

    [Fact]
    public void A_loop_over_numbers_makes_nothing_anew()
    {
        var repeated = new RepeatedText();
        byte[][] texts = [.. Enumerable.Range(1, 200).Select(id => Encoding.ASCII.GetBytes($"select a where b={id}"))];
        var first = repeated.Read(texts[0], Facts);
        Assert.Equal(0, Allocated.By(() =>
        {
            foreach (var text in texts)
                Assert.Same(first, repeated.Read(text, Facts));
        }));
    }

    private static IEnumerable<byte[]> Variations(byte[] text)
    {
        for (var index = 0; index < text.Length; index++)
        {
            yield return [.. text[..index], .. text[(index + 1)..]];
            foreach (var b in "07'\\. $"u8.ToArray())
            {
                yield return [.. text[..index], b, .. text[index..]];
                yield return [.. text[..index], b, .. text[(index + 1)..]];
            }
        }
    }

    private static void Same(SqlReading expected, SqlReading actual)
    {
        Assert.Equal(
            (expected.Residue, expected.Touch, expected.Statements, expected.EndsTransaction, expected.CopiesIn),
            (actual.Residue, actual.Touch, actual.Statements, actual.EndsTransaction, actual.CopiesIn));
        Assert.Equal(expected.Names, actual.Names);
        Assert.Equal(expected.PreparedNames, actual.PreparedNames);
    }

    private static CatalogueFacts MakeFacts()
    {
        var reader = new CatalogueReader();
        reader.Row("f"u8, "f2"u8, "plpgsql "u8, "begin perform set_config('x.y', a, false); end"u8);
        return reader.Build();
    }
}
