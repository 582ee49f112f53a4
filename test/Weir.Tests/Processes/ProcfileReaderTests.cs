using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class ProcfileReaderTests
{
    [Theory]
    [InlineData("web: gunicorn app:app", "1 web=gunicorn app:app")]
    [InlineData("web: a\nworker: b\n", "1 web=a|2 worker=b")]
    [InlineData("web: a\r\nworker: b\r\n", "1 web=a|2 worker=b")]
    [InlineData("# web: a\n\n   \n  # x\nweb: a # b", "5 web=a # b")]
    [InlineData("\uFEFFweb: a", "1 web=a")]
    [InlineData("web:a", "1 web=a")]
    [InlineData("web:   a  b  ", "1 web=a  b")]
    [InlineData("  web: a", "1 web=a")]
    [InlineData("Web_2-x: a", "1 Web_2-x=a")]
    [InlineData("2: a", "1 2=a")]
    [InlineData("web: a: b", "1 web=a: b")]
    [InlineData("release: migrate\nweb: a", "1 release=migrate|2 web=a")]
    [InlineData("web: FOO=bar a && b | c", "1 web=FOO=bar a && b | c")]
    [InlineData("", "")]
    [InlineData("\n\n#", "")]
    public void Each_line_is_a_process_type(string text, string entries)
    {
        var faults = new List<LineFault>();
        var read = ProcfileReader.Read(text, faults);
        Assert.Empty(faults);
        Assert.Equal(entries, string.Join('|', read.Select(entry => $"{entry.Line} {entry.Name}={entry.Command}")));
    }

    [Theory]
    [InlineData("web", 1, "is not 'name: command'; write it like 'web: gunicorn app:app'")]
    [InlineData("web: a\n\nworker b", 3, "is not 'name: command'")]
    [InlineData("web : a", 1, "does not begin with a name")]
    [InlineData("we b: a", 1, "does not begin with a name")]
    [InlineData("wéb: a", 1, "does not begin with a name")]
    [InlineData(": a", 1, "does not begin with a name")]
    [InlineData("http://x", 1, "", false)]
    [InlineData("web:", 1, "web has no command")]
    [InlineData("web:   \t", 1, "web has no command")]
    [InlineData("web: a\nworker: b\nweb: c", 3, "web is given twice, first in line 1")]
    [InlineData("web: a\0b", 1, "NUL")]
    public void A_line_that_is_none_is_a_fault_with_its_number(
        string text, int line, string problem, bool faulty = true)
    {
        var faults = new List<LineFault>();
        ProcfileReader.Read(text, faults);
        Assert.Equal(faulty ? 1 : 0, faults.Count);
        Assert.All(faults, fault => Assert.Equal(line, fault.Line));
        Assert.All(faults, fault => Assert.Contains(problem, fault.Problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_fault_is_told_and_what_is_right_is_read()
    {
        var faults = new List<LineFault>();
        var entries = ProcfileReader.Read("a\nweb: x\nb\nworker: y", faults);
        Assert.Equal([1, 3], faults.Select(fault => fault.Line));
        Assert.Equal(["web", "worker"], entries.Select(entry => entry.Name));
    }
}
