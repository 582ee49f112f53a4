using System.Text.Json;
using Weir.Ledger;

namespace Weir.Tests.Ledger;

public sealed class HouseLogTests
{
    [Fact]
    public void A_change_is_one_line_with_its_fields()
    {
        using var error = new StringWriter();
        new HouseLog(LogFormat.Logfmt, null, error)
            .Say(HouseMessages.InstanceQuarantined, ("instance", "web.1"), ("ms", 1000), ("why", "a \"b\"\nc"));
        Assert.Equal("weir: warning: instance refuses, quarantined id=403 instance=web.1 ms=1000 "
            + "why=\"a \\\"b\\\"\\x0ac\"\n",
            error.ToString());
    }

    [Fact]
    public void Json_is_json()
    {
        using var error = new StringWriter();
        new HouseLog(LogFormat.Json, null, error).Say(HouseMessages.Started, ("why", "a \"b\"\nc"));
        var root = JsonDocument.Parse(error.ToString()).RootElement;
        Assert.Equal("a \"b\"\nc", root.GetProperty("why").GetString());
        Assert.Equal(100, root.GetProperty("id").GetInt32());
    }

    [Fact]
    public void Every_message_has_an_id_of_its_own()
    {
        var messages = typeof(HouseMessages).GetFields().Select(field => (HouseMessage)field.GetValue(null)!).ToList();
        Assert.NotEmpty(messages);
        Assert.Equal(messages.Count, messages.DistinctBy(message => message.Id).Count());
    }
}
