using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Running;

/// <summary>
/// <c>weir release</c>: the Procfile's release line as an instance would run it, and its own exit code.
/// </summary>
public sealed class ReleaseTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);
    private readonly string _folder = TemporaryFolder.Make();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void It_gets_the_instances_environment_without_a_port_and_gives_its_code()
    {
        Procfile("release: echo \"<$PS> <$A> <$HOME_TOWN> <${PORT:-none}> <${WEIR_ADMIN_TOKEN:-none}>\"; exit 7");
        TemporaryFolder.Write(
            _folder, ".env", "A='from the file'\nPORT=1234\nWEIR_ADMIN_TOKEN=secret\nHOME_TOWN=file\n");
        using var weir = Start("HOME_TOWN=weirs PORT=99");
        Assert.True(weir.WaitForExit(Soon));
        Assert.Contains("<release.1> <from the file> <file> <none> <none>", weir.Output, StringComparison.Ordinal);
        Assert.Equal(7, weir.ExitCode);
    }

    /// <summary>
    /// The runtime raises the soft limit of open files; what Weir starts has the one that Weir was given.
    /// </summary>
    [Theory]
    [InlineData("release: ulimit -Sn")]
    [InlineData("release: sh -c 'ulimit -Sn'")]
    [InlineData("release: cd / && ulimit -Sn")]
    public void It_has_the_limit_of_open_files_that_weir_was_started_with(string line)
    {
        Procfile(line);
        using var weir = Start("", "ulimit -Sn 321;");
        Assert.True(weir.WaitForExit(Soon));
        Assert.Equal("321", weir.Output.Trim());
    }

    [Theory]
    [InlineData("web: a", 2, "weir: release: Procfile has no release line; write one like")]
    [InlineData("release: no-such-program", 127, "weir: release: no-such-program: command not found; is it installed")]
    [InlineData("release: weir run", 2, "weir: release: Procfile:1: release starts Weir without a command")]
    [InlineData("release", 2, "weir: release: Procfile:1: is not 'name: command'")]
    [InlineData(null, 2, "weir: release: there is no Procfile in ")]
    public void What_cannot_be_run_is_one_sentence(string? procfile, int code, string sentence)
    {
        if (procfile is not null) Procfile(procfile);
        using var weir = Start("");
        Assert.True(weir.WaitForExit(Soon));
        Assert.StartsWith(sentence, weir.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', weir.Output.Trim());
        Assert.Equal(code, weir.ExitCode);
    }

    [Fact]
    public void Told_to_end_it_tells_the_release_and_leaves_nothing_behind()
    {
        Procfile("release: trap 'echo tidy; exit 5' TERM; echo started; while :; do sleep 0.1; done");
        using var weir = Start("");
        weir.WaitForLine("started", Soon);
        var child = LiveProcesses.LeadersUnder(weir.Id, without: "weir-guard").Single();
        Assert.True(weir.Terminate(Soon));
        Assert.True(weir.WaitForExit(Soon));
        Assert.Equal(5, weir.ExitCode);
        Assert.Contains("tidy", weir.Output, StringComparison.Ordinal);
        Assert.True(LiveProcesses.IsGroupGoneWithin(child, Soon));
    }

    private void Procfile(string text) => TemporaryFolder.Write(_folder, "Procfile", text + "\n");

    /// <param name="variables">As a shell would set them before a command.</param>
    private ChildProcess Start(string variables, string before = "")
    {
        // The shell stays, so that Weir's parent has the limit that Weir was given.
        var weir = string.Join(' ', Checkout.Weir);
        var stays = before.Length > 0 ? "; exit $?" : "";
        var exec = before.Length > 0 ? "" : "exec ";
        var script = $"cd {_folder} && {before} {exec}env {variables} {weir} release{stays}";
        return ChildProcess.Start(["sh", "-c", script]);
    }
}
