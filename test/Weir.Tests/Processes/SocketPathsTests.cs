using System.Net.Sockets;
using System.Text;
using Weir.Processes;

namespace Weir.Tests.Processes;

public sealed class SocketPathsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("ws").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    [InlineData(300)]
    public void A_path_fits_whatever_the_instance_is_called(int length)
    {
        var paths = new SocketPaths(_folder);
        var (one, other) = (paths.Next(new string('w', length)), paths.Next(new string('w', length)));
        Assert.NotEqual(one, other);
        Assert.InRange(Encoding.UTF8.GetByteCount(one), 1, SocketPaths.PathBytesMax);
        using var socket = Listen(one);
    }

    [Fact]
    public void A_directory_with_too_long_a_name_is_one_sentence()
    {
        var fault = Assert.Throws<StartException>(() => new SocketPaths("/" + new string('d', 100)).Next("web.1"));
        Assert.Contains("give a shorter XDG_RUNTIME_DIR", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_killed_weir_left_behind_is_swept_and_what_is_alive_stays()
    {
        // No process has number 0 or that of this test's: one is dead, one is our own from before.
        var (dead, alive) = (Path.Combine(_folder, "web.1.0-1.app"), Path.Combine(_folder, "web.1.0-2.app"));
        var another = Path.Combine(_folder, "web.1.1-3.app");
        var others = Path.Combine(_folder, "notes.txt");
        foreach (var path in (string[])[dead, another])
            Listen(path).Dispose();
        File.WriteAllText(others, "");
        using var socket = Listen(alive);
        // .NET deletes the file with the socket; a server that was killed does not.
        foreach (var path in (string[])[dead, another])
            Leave(path);
        new SocketPaths(_folder).Sweep();
        Assert.Equal([Path.GetFileName(others), Path.GetFileName(alive), Path.GetFileName(another)],
            Directory.GetFiles(_folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        return socket;
    }

    /// <summary>A socket's file without a socket: its name is changed before .NET deletes it.</summary>
    private static void Leave(string path)
    {
        using (var socket = Listen(path + "x"))
            File.Move(path + "x", path);
    }
}
