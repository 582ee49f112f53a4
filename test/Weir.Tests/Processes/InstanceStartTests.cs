using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class InstanceStartTests
{
    private static readonly string s_folder = AppFolder.Real(Path.GetTempPath())!;

    [Theory]
    [InlineData("echo $PORT $PS $A $PWD", "5001 web.2 one FOLDER")]
    [InlineData("cd /; echo $PORT $PWD", "5001 /")]
    [InlineData("A=two exec env | grep ^A=", "A=two")]
    [InlineData("A=two env", "A=two")]
    [InlineData("cat", "")]
    [InlineData("echo ${WEIR_SOCKET:-none}", "none")]
    public void A_line_runs_in_a_shell_with_its_port(string line, string output) =>
        Assert.Contains(output.Replace("FOLDER", s_folder), Run(OfLine(line), 5001), StringComparison.Ordinal);

    [Theory]
    [InlineData("$PORT", "5001")]
    [InlineData("'$A'", "'$A'")]
    [InlineData("a  b;c", "a  b;c")]
    public void A_commands_words_are_passed_on_with_the_port_filled_in(string word, string seen) =>
        Assert.Equal($"<{seen}>\n", Run(new ProcessType("web", "", ["printf", "<%s>\\n", word], 0), 5001));

    [Fact]
    public void A_socket_takes_the_ports_place()
    {
        string[] words = ["sh", "-c", "echo $WEIR_SOCKET ${PORT:-none} $0", "unix:$WEIR_SOCKET"];
        var type = new ProcessType("web", "", words, 0);
        var start = InstanceStart.Of(Plan(type), type, 2, 0, "/tmp/x.app");
        Assert.Equal("/tmp/x.app none unix:/tmp/x.app\n", Output(start));
    }

    /// <summary>A server that is the process that was started gets its signals itself.</summary>
    [Fact]
    public void One_command_takes_the_shells_place()
    {
        var type = OfLine("sleep 60");
        using var child = Child.Start(InstanceStart.Of(Plan(type), type, 1, 5001));
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{child.Id}/comm") == "sleep\n", TimeSpan.FromSeconds(10));
        Assert.Equal("sleep\n", File.ReadAllText($"/proc/{child.Id}/comm"));
    }

    [Theory]
    [InlineData("no-such-server -p 1", "no-such-server: command not found; is it installed and in PATH?", 127)]
    [InlineData("./nowhere/server", "./nowhere/server: command not found", 127)]
    [InlineData("/etc/passwd", "/etc/passwd: may not be run; is it an executable file?", 126)]
    public void A_program_that_is_not_there_is_one_sentence(string line, string sentence, int code)
    {
        var type = OfLine(line);
        var fault = Assert.Throws<StartException>(() => InstanceStart.Of(Plan(type), type, 1, 5001));
        Assert.StartsWith(sentence, fault.Message, StringComparison.Ordinal);
        Assert.Equal(code, fault.ExitCode);
    }

    [Fact]
    public void A_folder_that_is_gone_is_one_sentence()
    {
        var type = OfLine("true");
        var plan = Plan(type) with { Folder = "/nowhere/app" };
        var fault = Assert.Throws<StartException>(() => InstanceStart.Of(plan, type, 1, 5001));
        Assert.Equal("/nowhere/app: there is no such folder to start web in", fault.Message);
        var start = InstanceStart.Of(Plan(type), type, 1, 5001) with { Folder = "/nowhere/app" };
        fault = Assert.Throws<StartException>(() => Child.Start(start));
        Assert.Equal("/nowhere/app: there is no such folder to start /bin/sh in", fault.Message);
    }

    private static ProcessType OfLine(string line)
    {
        var shell = Core.Processes.ShellLine.Of(line);
        return new ProcessType("web", line, ["/bin/sh", "-c", shell.Script], 0) { Program = shell.Program };
    }

    private static RunPlan Plan(ProcessType type) => new()
    {
        Folder = s_folder,
        Types = [type],
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin", ["A"] = "one" },
    };

    private static string Run(ProcessType type, int port) => Output(InstanceStart.Of(Plan(type), type, 2, port));

    private static string Output(ProcessStart start)
    {
        using var child = Child.Start(start);
        using var reader = new StreamReader(new FileStream(child.Pipe!, FileAccess.Read));
        return reader.ReadToEnd();
    }
}
