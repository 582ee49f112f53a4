using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;
using static Weir.Tests.Pooling.Secrets.ScramLogin;

namespace Weir.Tests.Pooling.Secrets;

public sealed class ScramClientTests
{
    private const string Good = $"r={ClientNonce}{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    [Fact]
    public void The_proof_of_RFC_7677_is_the_one_written_there()
    {
        var salted = ScramKeys.Salted("pencil", Salt, 4096);
        var auth = $"n=user,r={ClientNonce},{Good},c=biws,r={ClientNonce}{ServerNonce}";
        Assert.Equal(
            "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            Convert.ToBase64String(ScramKeys.Xor(ScramKeys.ClientKey(salted), Pencil.StoredKey, auth)));
        Assert.Equal(
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
            Convert.ToBase64String(ScramKeys.ServerSignature(Pencil.ServerKey, auth)));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Client_and_server_meet(bool isPlusOffered, bool isPlusUsed)
    {
        var server = new ScramServer(Pencil, ServerNonce, isPlusOffered ? Binding : null, isMock: false);
        var client = ScramClient.OfPassword("pencil", ClientNonce, isPlusUsed ? Binding : null);
        Assert.Null(Meet(client, server));
        Assert.Equal(isPlusUsed, server.UsedPlus);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_client_that_showed_its_key_is_passed_through(bool isPlusUsed)
    {
        var front = new ScramServer(Pencil, ServerNonce, null, isMock: false);
        Assert.Null(Meet(ScramClient.OfPassword("pencil", ClientNonce, null), front));
        var back = new ScramServer(Pencil, "other", isPlusUsed ? Binding : null, isMock: false);
        var client = ScramClient.OfKeys(front.ClientKey, Pencil, "mine", isPlusUsed ? Binding : null);
        Assert.Null(Meet(client, back));
        Assert.Equal(front.ClientKey, back.ClientKey);
    }

    [Fact]
    public void A_server_that_keeps_another_secret_is_told_before_a_proof_is_sent()
    {
        foreach (var other in (ScramSecret[])[
                     ScramSecret.Of("pencil", Salt, 4097), ScramSecret.Of("pencil", [1], 4096)])
        {
            var client = ScramClient.OfKeys(new byte[32], other, ClientNonce);
            client.First();
            Assert.False(client.Next(Encoding.UTF8.GetBytes(Good), out var final, out var problem));
            Assert.Contains("another SCRAM secret", problem, StringComparison.Ordinal);
            Assert.Empty(final);
        }
    }

    [Fact]
    public void A_wrong_password_or_a_wrong_binding_is_refused()
    {
        Assert.Equal(SqlStates.InvalidPassword, Meet(
            ScramClient.OfPassword("Pencil", ClientNonce, null),
            new ScramServer(Pencil, ServerNonce, null, isMock: false)));
        Assert.Equal(SqlStates.InvalidAuthorization, Meet(
            ScramClient.OfPassword("pencil", ClientNonce, [1, 2, 3]),
            new ScramServer(Pencil, ServerNonce, Binding, isMock: false)));
        Assert.Equal(SqlStates.ProtocolViolation, Meet(
            ScramClient.OfPassword("pencil", ClientNonce, Binding),
            new ScramServer(Pencil, ServerNonce, null, isMock: false)));
    }

    [Fact]
    public void An_offer_taken_away_on_the_way_is_noticed()
    {
        // The client could bind, but was shown no PLUS, while the server offered it.
        var client = ScramClient.OfPassword("pencil", ClientNonce, null, isBindingAble: true);
        Assert.Equal(SqlStates.InvalidAuthorization, Meet(
            client, new ScramServer(Pencil, ServerNonce, Binding, isMock: false)));
        client = ScramClient.OfPassword("pencil", ClientNonce, null, isBindingAble: true);
        Assert.Null(Meet(client, new ScramServer(Pencil, ServerNonce, null, isMock: false)));
    }

    [Theory]
    [InlineData(Good + ",x=future", "")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=1", "")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=100000", "")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=100001", "not within 1 to 100000")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=2147483647", "not within 1 to 100000")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=99999999999999999999", "not within 1 to 100000")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=0", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=01", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=-1", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=+1", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i= 1", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=0x10", "not within")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=", "not within")]
    [InlineData($"r={ClientNonce}x,s=,i=1", "salt is not")]
    [InlineData($"r={ClientNonce}x,s=A,i=1", "salt is not")]
    [InlineData($"r={ClientNonce}x,s=AA=,i=1", "salt is not")]
    [InlineData($"r={ClientNonce}x,s=AB==,i=1", "salt is not")]
    [InlineData($"r={ClientNonce}x,s=A*==,i=1", "salt is not")]
    [InlineData($"r={ClientNonce},s=AA==,i=1", "does not extend ours")]
    [InlineData($"r=x{ClientNonce},s=AA==,i=1", "does not extend ours")]
    [InlineData($"r=ROprNGfwEbeRWgbNEkqOx,s=AA==,i=1", "does not extend ours")]
    [InlineData($"r={ClientNonce} x,s=AA==,i=1", "does not extend ours")]
    [InlineData("r=,s=AA==,i=1", "does not extend ours")]
    [InlineData($"m=x,r={ClientNonce}x,s=AA==,i=1", "unsupported SCRAM extension")]
    [InlineData($"s=AA==,r={ClientNonce}x,i=1", "malformed")]
    [InlineData($"r={ClientNonce}x,s=AA==", "malformed")]
    [InlineData($"r={ClientNonce}x,s=AA==,i=1,x", "malformed")]
    [InlineData($"r={ClientNonce}x", "malformed")]
    [InlineData("e=other-error", "malformed")]
    [InlineData("r", "malformed")]
    [InlineData("", "empty, too long")]
    [InlineData("r\0", "empty, too long")]
    public void A_servers_first_message_is_taken_or_the_problem_is_said(string message, string words)
    {
        var client = ScramClient.OfPassword("pencil", ClientNonce, null);
        Assert.Equal($"n,,n=,r={ClientNonce}", Encoding.UTF8.GetString(client.First()));
        var isTaken = client.Next(Encoding.UTF8.GetBytes(message), out var final, out var problem);
        Assert.Equal(words.Length == 0, isTaken);
        Assert.Equal(isTaken, final.Length > 0);
        Assert.Contains(words, problem, StringComparison.Ordinal);
        Assert.Equal(isTaken, problem.Length == 0);
    }

    [Fact]
    public void A_servers_salt_and_message_have_a_bound()
    {
        foreach (var (salt, extra, isTaken) in ((int, int, bool)[])[(256, 0, true), (257, 0, false), (1, 1024, false)])
        {
            var client = ScramClient.OfPassword("pencil", ClientNonce, null);
            client.First();
            var message = $"r={ClientNonce}x,s={Convert.ToBase64String(new byte[salt])},i=1,x={new string('y', extra)}";
            Assert.Equal(isTaken, client.Next(Encoding.UTF8.GetBytes(message), out _, out _));
        }
    }

    [Fact]
    public void A_servers_first_message_cut_short_or_corrupt_never_throws()
    {
        var bytes = Encoding.UTF8.GetBytes($"r={ClientNonce}x,s=AAAA,i=7");
        var prefixes = Enumerable.Range(0, bytes.Length).Select(length => bytes[..length]);
        foreach (var message in prefixes.Concat(Messages.Wire.Corruptions(bytes)))
        {
            var client = ScramClient.OfPassword("pencil", ClientNonce, null);
            client.First();
            Assert.Equal(client.Next(message, out var final, out var problem), problem.Length == 0);
            Assert.Equal(problem.Length == 0, final.Length > 0);
        }
    }

    [Theory]
    [InlineData("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "signature is wrong")]
    [InlineData("v=", "signature is wrong")]
    [InlineData("v=AAAA", "signature is wrong")]
    [InlineData("v=*", "malformed")]
    [InlineData("v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "malformed")]
    [InlineData("e=invalid-proof", "refused")]
    [InlineData("x=AAAA", "malformed")]
    [InlineData("", "empty")]
    public void A_server_that_does_not_know_the_password_is_found_out(string message, string words)
    {
        var client = ScramClient.OfPassword("pencil", ClientNonce, null);
        client.First();
        Assert.True(client.Next(Encoding.UTF8.GetBytes(Good), out _, out _));
        Assert.False(client.Verify(Encoding.UTF8.GetBytes(message), out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_message_out_of_turn_is_a_problem()
    {
        var client = ScramClient.OfPassword("pencil", ClientNonce, null);
        Assert.False(client.Verify("v="u8, out _));
        Assert.False(client.Next(Encoding.UTF8.GetBytes(Good), out _, out var problem));
        Assert.Contains("out of turn", problem, StringComparison.Ordinal);

        // An empty signature is the one that stands there before Next: it is not to be matched.
        client = ScramClient.OfPassword("pencil", ClientNonce, null);
        client.First();
        Assert.False(client.Verify("v="u8, out problem));
        Assert.Contains("out of turn", problem, StringComparison.Ordinal);
    }
}
