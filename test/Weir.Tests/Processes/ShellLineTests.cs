using Weir.Core.Processes;

namespace Weir.Tests.Processes;

public sealed class ShellLineTests
{
    [Theory]
    [InlineData("gunicorn app:app", "exec gunicorn app:app")]
    [InlineData("bundle exec puma -p $PORT", "exec bundle exec puma -p $PORT")]
    [InlineData("A=1 B='2 3' puma -t 1:2", "A=1 B='2 3' exec puma -t 1:2")]
    [InlineData("puma # comment; with && all", "exec puma # comment; with && all")]
    [InlineData("puma -e 'a; b' \"c && d\" e\\;f", "exec puma -e 'a; b' \"c && d\" e\\;f")]
    [InlineData("puma -w ${N:-2} $(nproc; echo) `a | b`", "exec puma -w ${N:-2} $(nproc; echo) `a | b`")]
    [InlineData("\"$(a b)\" c", "exec \"$(a b)\" c")]
    [InlineData("a $(b ')') ; c", null)]
    [InlineData("a $(b ')') ; $(c ')')", null)]
    [InlineData("cd x; puma", null)]
    [InlineData("a && b", null)]
    [InlineData("a || b", null)]
    [InlineData("a | b", null)]
    [InlineData("a & b", null)]
    [InlineData("a > log 2>&1", null)]
    [InlineData("a < in", null)]
    [InlineData("(a)", null)]
    [InlineData("{ a; }", null)]
    [InlineData("if a; then b; fi", null)]
    [InlineData("while true; do a; done", null)]
    [InlineData("! a", null)]
    [InlineData("exec puma", null)]
    [InlineData("cd x", null)]
    [InlineData(". ./env", null)]
    [InlineData("time puma", null)]
    [InlineData("A=1", null)]
    [InlineData("a 'b", null)]
    [InlineData("a $(b", null)]
    [InlineData("'cd' x", "exec 'cd' x")]
    [InlineData("", null)]
    public void Exec_stands_before_what_is_one_command(string line, string? script) =>
        Assert.Equal(script ?? line, ShellLine.Of(line).Script);

    [Theory]
    [InlineData("gunicorn app:app", "gunicorn")]
    [InlineData("'./my app' x", "./my app")]
    [InlineData("$SERVER x", null)]
    [InlineData("~/bin/x", null)]
    [InlineData("PATH=/x puma", null)]
    [InlineData("a && b", null)]
    public void The_program_is_known_where_the_line_says_it(string line, string? program) =>
        Assert.Equal(program, ShellLine.Of(line).Program);

    [Theory]
    [InlineData("a b", "gunicorn 'a b'")]
    [InlineData("it's", "gunicorn 'it'\\''s'")]
    [InlineData("", "gunicorn ''")]
    [InlineData("$PORT", "gunicorn $PORT")]
    [InlineData("-b", "gunicorn -b")]
    [InlineData("a;b", "gunicorn 'a;b'")]
    public void Words_are_joined_as_a_person_would_write_them(string word, string line) =>
        Assert.Equal(line, ShellLine.Join(["gunicorn", word]));

    [Theory]
    [InlineData("gunicorn app:app", "Other", null)]
    [InlineData("weirdo run -- x", "Other", null)]
    [InlineData("echo weir run -- x", "Other", null)]
    [InlineData("weir run -- gunicorn -b :$PORT 'a b'", "Wrapped", "gunicorn -b :$PORT 'a b'")]
    [InlineData("bin/weir run --slots 4 --port=$PORT -- x", "Wrapped", "x")]
    [InlineData("./weir run -- x -- y", "Wrapped", "x -- y")]
    [InlineData("A=1 exec /opt/weir run -- x", "Wrapped", "A=1 x")]
    [InlineData("weir run", "Bare", null)]
    [InlineData("weir run --slots 4", "Bare", null)]
    [InlineData("weir run --", "Bare", null)]
    [InlineData("weir run -- weir run -- x", "Bare", null)]
    [InlineData("weir proxy --to :80", "OtherVerb", null)]
    [InlineData("weir", "OtherVerb", null)]
    [InlineData("weir run -- a && b", "ManyCommands", null)]
    [InlineData("weir run -- a > log", "ManyCommands", null)]
    [InlineData("weir run --quiet; x -- a", "ManyCommands", null)]
    public void A_line_that_starts_weir_gives_the_command_behind_it(string line, string kind, string? command)
    {
        var self = SelfLine.Read(line);
        Assert.Equal(kind, self.Kind.ToString());
        if (command is not null)
            Assert.Equal(command, self.Line);
    }
}
