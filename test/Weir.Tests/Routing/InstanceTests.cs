using Weir.Routing;

namespace Weir.Tests.Routing;

public sealed class InstanceTests
{
    [Theory]
    [InlineData("127.0.0.1:3000", "127.0.0.1:3000", 2, false, true)]
    [InlineData("127.0.0.1:3000=4", "127.0.0.1:3000", 4, false, true)]
    [InlineData("127.0.0.1:3000=1", "127.0.0.1:3000", 1, false, true)]
    [InlineData("127.0.0.1:3000=10000", "127.0.0.1:3000", 10_000, false, true)]
    [InlineData("127.0.0.1:3000=async", "127.0.0.1:3000", 50, true, true)]
    [InlineData(":3000", "127.0.0.1:3000", 2, false, true)]
    [InlineData("localhost:3000", "127.0.0.1:3000", 2, false, true)]
    [InlineData("http://127.0.0.1:3000/", "127.0.0.1:3000", 2, false, true)]
    [InlineData("[::1]:3000=3", "[::1]:3000", 3, false, true)]
    [InlineData("192.0.2.1:80", "192.0.2.1:80", 2, false, false)]
    [InlineData("unix:/run/a=b.sock=3", "/run/a=b.sock", 3, false, true)]
    public void An_instance_is_read(string text, string end, int slots, bool isAsync, bool isLocal)
    {
        var instance = Read(text);
        Assert.Equal(end, instance.EndPoint.ToString());
        Assert.Equal((slots, isAsync, isLocal), (instance.Slots, instance.IsAsync, instance.IsLocal));
        Assert.Equal((1, "web.2"), (instance.Index, instance.Name));
    }

    [Theory]
    [InlineData("127.0.0.1:3000=0")]
    [InlineData("127.0.0.1:3000=10001")]
    [InlineData("127.0.0.1:3000=-1")]
    [InlineData("127.0.0.1:3000=")]
    [InlineData("127.0.0.1:3000=many")]
    [InlineData("127.0.0.1:3000= 4")]
    [InlineData("127.0.0.1")]
    [InlineData("127.0.0.1:0")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("3000")]
    [InlineData("")]
    public void What_is_no_instance_is_told_with_an_example(string text)
    {
        var exception = Assert.Throws<FormatException>(() => Read(text));
        Assert.Contains($"'{text}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:3000", exception.Message, StringComparison.Ordinal);
    }

    private static Instance Read(string text) => Instance.Read(1, "web.2", text, slotsDefault: 2, inFlightMax: 50);
}
