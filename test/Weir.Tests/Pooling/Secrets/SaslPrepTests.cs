using Weir.Core.Pooling.Secrets;

namespace Weir.Tests.Pooling.Secrets;

public sealed class SaslPrepTests
{
    [Theory]
    [InlineData("pencil", "pencil")]
    [InlineData("a\tb\u007F", "a\tb\u007F")]
    [InlineData("", "")]
    [InlineData("é", "é")]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("a\u00A0b", "a b")]
    [InlineData("a\u3000b\u2003c", "a b c")]
    [InlineData("a\u200Bb", "a b")]
    [InlineData("a\u200Db\uFE0F\uFEFF", "ab")]
    [InlineData("❤\uFE0F", "❤")]
    // The compatibility form, from letters of any keyboard.
    [InlineData("e\u0301", "é")]
    [InlineData("m² 5µ ½ ª ´", "m2 5\u03bc 1\u20442 a  \u0301")]
    [InlineData("Ａｂ１！", "Ab1!")]
    [InlineData("\uFB01n", "fin")]
    [InlineData("\u212B\u2126", "Å\u03a9")]
    [InlineData("e\u0302\u0323", "ệ")]
    [InlineData("ê\u0323", "ệ")]
    [InlineData("e\u0323\u0302\u0301", "ệ\u0301")]
    [InlineData("и\u0306", "й")]
    [InlineData("\u304B\u3099", "が")]
    [InlineData("\uFF76\uFF9E", "ガ")]
    [InlineData("\u1E9B\u0323", "ṩ")]
    [InlineData("\u0301a", "\u0301a")]
    [InlineData("™ € … ﬀ", "TM € ... ff")]
    // Prohibited before it would have become something else.
    [InlineData("a\u0340", "a\u0340")]
    // Not assigned in Unicode 3.2, so it stays as it is with what would have been taken away.
    [InlineData("\U0001F600\u00AD", "\U0001F600\u00AD")]
    // Prohibited: a control character, private use, U+FFFD, a mark of direction.
    [InlineData("\u00AD\u0007", "\u00AD\u0007")]
    [InlineData("\u00ADa\u0080", "\u00ADa\u0080")]
    [InlineData("\u00AD\uE000", "\u00AD\uE000")]
    [InlineData("\u00AD\uFFFD", "\u00AD\uFFFD")]
    [InlineData("\u00AD\u200E", "\u00AD\u200E")]
    [InlineData("\u00AD\uD800", "\u00AD\uD800")]
    // Nothing would be left.
    [InlineData("\u00AD", "\u00AD")]
    // Both directions, or not at both ends.
    [InlineData("\u0627\u00AD\u0628", "\u0627\u0628")]
    [InlineData("\u0627\u00AD1", "\u0627\u00AD1")]
    [InlineData("\u0627\u00AD1\u0628", "\u06271\u0628")]
    [InlineData("\u0627\u00ADa\u0628", "\u0627\u00ADa\u0628")]
    [InlineData("1\u00AD\u0628", "1\u00AD\u0628")]
    public void A_password_is_prepared_or_left_as_it_is(string password, string prepared) =>
        Assert.Equal(prepared, SaslPrep.Prepare(password));

    [Fact]
    public void A_set_of_code_points_has_its_ends_and_nothing_beside_them()
    {
        var ranges = new CodePointRanges("2 1 0 3 a 10");
        Assert.Equal(
            [2, 3, 4, 5, .. Enumerable.Range(16, 16)], Enumerable.Range(-1, 64).Where(ranges.Has));
    }
}
