using Weir.Config;

namespace Weir.Tests.Tidy;

/// <summary>Each rule finds a bad sample, and lets a good one pass.</summary>
public sealed class TidyRuleTests
{
    [Fact]
    public void A_file_too_long_is_found()
    {
        Assert.Empty(Rules.FileLength(Sample(Repeat("a\n", 400))));
        Assert.Single(Rules.FileLength(Sample(Repeat("a\n", 401))));
    }

    [Fact]
    public void A_line_too_long_is_found()
    {
        Assert.Empty(Rules.LineLength(Sample(Repeat("a", 120))));
        Assert.Equal(["src/Weir/A.cs:2: 121 columns, 120 at most"], Rules.LineLength(Sample("\n" + Repeat("a", 121))));
    }

    [Theory]
    [InlineData("    void A(int b)\n    {\n{0}    }\n")]
    [InlineData("    A(int b)\n        : base(b)\n    {\n{0}    }\n")]
    [InlineData("    void A<T>(T b)\n        where T : struct\n    {\n{0}    }\n")]
    [InlineData("    int A\n    {\n        get\n        {\n{0}        }\n    }\n")]
    public void A_function_too_long_is_found(string shape)
    {
        var long_ = shape.Replace("{0}", Repeat("            b();\n", 69), StringComparison.Ordinal);
        var fits = shape.Replace("{0}", Repeat("            b();\n", 68), StringComparison.Ordinal);
        Assert.Single(Rules.FunctionLength(Sample(long_)));
        Assert.Empty(Rules.FunctionLength(Sample(fits)));
    }

    [Fact]
    public void A_long_function_may_say_why() =>
        Assert.Empty(Rules.FunctionLength(Sample(
            $"    {Rules.LongOnPurpose}a table\n    void A()\n    {{\n{Repeat("        b();\n", 90)}    }}\n")));

    [Fact]
    public void A_class_may_be_longer_than_a_function() =>
        Assert.Empty(Rules.FunctionLength(Sample("class A(int c)\n{\n" + Repeat("    int b;\n", 90) + "}\n")));

    [Theory]
    [InlineData("// FIX" + "ME: later")]
    [InlineData("// TO" + "DO later")]
    [InlineData("var a = \"https://api.nuget" + ".org\";")]
    public void A_banned_word_is_found(string line) => Assert.Single(Rules.BannedWords(Sample(line)));

    [Theory]
    [InlineData("src/Weir/Utils/A.cs", "class A")]
    [InlineData("src/Weir/A.cs", "internal sealed class SlotManager\n{\n}\n")]
    [InlineData("src/Weir/TextHelper.cs", "")]
    public void A_name_that_says_nothing_is_found(string path, string text) =>
        Assert.NotEmpty(Rules.VagueNames(new Source(path, text)));

    [Theory]
    [InlineData("internal sealed class B\n{\n}\n", 2)]
    [InlineData("internal sealed class A\n{\n}\ninternal sealed class B\n{\n}\n", 1)]
    [InlineData("internal sealed class A\n{\n    class B\n    {\n    }\n}\ninternal enum C\n{\n}\n", 0)]
    [InlineData("// class B\ninternal sealed partial class A\n{\n}\n", 0)]
    public void A_type_in_a_file_of_another_name_is_found(string text, int faults) =>
        Assert.Equal(faults, Rules.TypeFile(Sample(text)).Count());

    [Theory]
    [InlineData("src/Weir.Core/A.cs", "System.IO", true)]
    [InlineData("src/Weir.Core/A.cs", "System.Net.Sockets", true)]
    [InlineData("src/Weir.Core/A.cs", "System.Threading", true)]
    [InlineData("src/Weir.Core/A.cs", "Weir.Edge", true)]
    [InlineData("src/Weir.Core/A.cs", "Weir.Core.Http", false)]
    [InlineData("src/Weir.Core/A.cs", "System.Net", false)]
    [InlineData("src/Weir.Sim/A.cs", "Weir.Routing", true)]
    [InlineData("src/Weir.Sim/A.cs", "Weir.Core.Routing", false)]
    [InlineData("src/Weir/Edge/A.cs", "Weir.Control", true)]
    [InlineData("src/Weir/Edge/A.cs", "Weir.Dashboard", true)]
    [InlineData("src/Weir/Verbs/A.cs", "Weir.Control", false)]
    [InlineData("src/Weir/House.cs", "Weir.Control", false)]
    public void An_arrow_against_the_stream_is_found(string path, string used, bool found) =>
        Assert.Equal(found, Rules.Arrows(new Source(path, $"using {used};\n")).Any());

    [Theory]
    [InlineData("a // b {\n", "a       \n")]
    [InlineData("a /* {\n */ b", "a     \n    b")]
    public void Comments_are_blanked_in_place(string code, string blank) => Assert.Equal(blank, CodeText.Blank(code));

    [Theory]
    [InlineData("\"{\\\"\" {")]
    [InlineData("@\"\\\" {")]
    [InlineData("@\"a\"\"{\" {")]
    [InlineData("$\"{a(\"}\")} {{\" {")]
    [InlineData("'{' {")]
    [InlineData("'\\'' {")]
    [InlineData("\"\"\"{ \" \"\"\" {")]
    public void Literals_are_blanked_and_only_the_brace_behind_them_is_left(string code) =>
        Assert.Equal(new string(' ', code.Length - 1) + '{', CodeText.Blank(code));

    [Fact]
    public void A_setting_missing_from_the_page_is_found() =>
        Assert.Single(Documents.MissingSettings(Documents.Row(Settings.All[0]), Settings.All.Take(2)));

    [Fact]
    public void A_word_missing_from_the_page_is_found() =>
        Assert.Equal(["Lost"], Documents.MissingWords("Found, and Losty", ["Found", "Lost"]));

    [Fact]
    public void A_dead_link_is_found() =>
        Assert.Equal(["no/such.md"],
            Documents.DeadLinks(new Source("README.md", "[a](no/such.md) [b](STYLE.md#rules) [c](https://a.b)")));

    private static Source Sample(string text) => new("src/Weir/A.cs", text);

    private static string Repeat(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
}
