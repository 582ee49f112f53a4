using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class EnvFileReaderTests
{
    [Theory]
    [InlineData("A=b", "A=b")]
    [InlineData("A=b\nC=d\n", "A=b|C=d")]
    [InlineData("A=b\r\nC='d'\r\n", "A=b|C=d")]
    [InlineData("export A=b", "A=b")]
    [InlineData("export\tA=b", "A=b")]
    [InlineData("exportA=b", "exportA=b")]
    [InlineData("export=b", "export=b")]
    [InlineData("A = b", "A=b")]
    [InlineData("  A=b", "A=b")]
    [InlineData("A=", "A=")]
    [InlineData("A=''", "A=")]
    [InlineData("A=\"\"", "A=")]
    [InlineData("A=b c", "A=b c")]
    [InlineData("A=b  ", "A=b")]
    [InlineData("A=b # c", "A=b")]
    [InlineData("A=b#c", "A=b#c")]
    [InlineData("A=#fff", "A=#fff")]
    [InlineData("A= # c", "A=")]
    [InlineData("# A=b\n\nC=d", "C=d")]
    [InlineData("A='b # c' # d", "A=b # c")]
    [InlineData("A=\"b # c\"# d", "A=b # c")]
    [InlineData("A='b\\n\"c'", "A=b\\n\"c")]
    [InlineData("A=\"b\\nc\"", "A=b\nc")]
    [InlineData("A=\"b\\rc\"", "A=b\rc")]
    [InlineData("A=\"a\\\"b\\\\c\\$d\\qe\"", "A=a\"b\\c$dqe")]
    [InlineData("A=\"b\nc\"\nD=e", "A=b\nc|D=e")]
    [InlineData("A='b\nc'\nD=e", "A=b\nc|D=e")]
    [InlineData("A=b\\nc", "A=b\\nc")]
    [InlineData("A=b'c\"d", "A=b'c\"d")]
    [InlineData("A=$B ${C} `d`", "A=$B ${C} `d`")]
    [InlineData("A=b=c", "A=b=c")]
    [InlineData("a.b_1=c", "a.b_1=c")]
    [InlineData("A=1\nA=2", "A=1|A=2")]
    [InlineData("\uFEFFA=b", "A=b")]
    [InlineData("", "")]
    public void Variables_are_read_as_foreman_and_dotenv_read_them(string text, string entries)
    {
        var faults = new List<LineFault>();
        var read = EnvFileReader.Read(text, faults);
        Assert.Empty(faults);
        Assert.Equal(entries, string.Join('|', read.Select(entry => $"{entry.Name}={entry.Value}")));
    }

    [Theory]
    [InlineData("A", 1, "has no '=' behind A; write it like NAME=value")]
    [InlineData("A=b\nexport C", 2, "has no '=' behind C")]
    [InlineData("A: b", 1, "has no '=' behind A")]
    [InlineData("A B=c", 1, "has no '=' behind A")]
    [InlineData("=b", 1, "does not begin with a name")]
    [InlineData("-A=b", 1, "does not begin with a name")]
    [InlineData("A=\"b\nC=d", 1, "A's quote \" is never closed")]
    [InlineData("X=y\n\nA='b", 3, "A's quote ' is never closed")]
    [InlineData("A='b'c", 1, "more behind A's closing quote")]
    [InlineData("A=\"b\nc\" d", 2, "more behind A's closing quote")]
    [InlineData("A=b\0c", 1, "NUL")]
    public void A_bad_line_is_a_fault_with_its_number(string text, int line, string problem)
    {
        var faults = new List<LineFault>();
        EnvFileReader.Read(text, faults);
        var fault = Assert.Single(faults);
        Assert.Equal(line, fault.Line);
        Assert.Contains(problem, fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Lines_are_counted_through_quotes_and_faults()
    {
        var faults = new List<LineFault>();
        var entries = EnvFileReader.Read("A=\"1\n2\\\n3\"\nB=1\nbad\nC=\"x\nD=2", faults);
        Assert.Equal([("A", 1), ("B", 4), ("D", 7)], entries.Select(entry => (entry.Name, entry.Line)));
        Assert.Equal([5, 6], faults.Select(fault => fault.Line));
    }
}
