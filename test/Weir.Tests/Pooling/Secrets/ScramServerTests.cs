using System.Text;
using Weir.Core.Pooling.Messages;
using Weir.Core.Pooling.Secrets;
using static Weir.Tests.Pooling.Secrets.ScramLogin;

namespace Weir.Tests.Pooling.Secrets;

public sealed class ScramServerTests
{
    private const string Plain = "SCRAM-SHA-256";
    private const string Plus = "SCRAM-SHA-256-PLUS";
    private const string EndPoint = "p=tls-server-end-point";
    private const string FirstMessage = $"n,,n=user,r={ClientNonce}";
    private const string FinalMessage =
        $"c=biws,r={ClientNonce}{ServerNonce},p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    [Fact]
    public void The_exchange_of_RFC_7677_goes_as_it_is_written_there()
    {
        var server = new ScramServer(Pencil, ServerNonce, null, isMock: false);
        Assert.Equal(
            $"r={ClientNonce}{ServerNonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
            First(server, Plain, FirstMessage, out _));
        Assert.Equal("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=", Final(server, FinalMessage, out _));
        Assert.False(server.UsedPlus);
        Assert.Equal(
            Pencil.StoredKey, System.Security.Cryptography.SHA256.HashData(server.ClientKey));
    }

    [Theory]
    [InlineData(Plain, $"y,,n=,r={ClientNonce}", false)]
    [InlineData(Plain, $"n,,n=,r={ClientNonce}", false)]
    [InlineData(Plain, $"n,,n=,r={ClientNonce}", true)]
    [InlineData(Plus, $"{EndPoint},,n=,r={ClientNonce}", true)]
    [InlineData(Plain, $"n,,n=a=2Cb,r={ClientNonce},x=future,y=more", false)]
    public void A_first_message_is_taken(string mechanism, string message, bool isPlusOffered)
    {
        var server = Server(isPlusOffered);
        Assert.StartsWith($"r={ClientNonce}{ServerNonce},", First(server, mechanism, message, out _));
        Assert.Equal(mechanism == Plus, server.UsedPlus);
    }

    [Theory]
    [InlineData(Plus, $"{EndPoint},,n=,r=n", false, SqlStates.ProtocolViolation, "invalid SASL")]
    [InlineData("SCRAM-SHA-1", "n,,n=,r=n", true, SqlStates.ProtocolViolation, "invalid SASL")]
    [InlineData("", "n,,n=,r=n", true, SqlStates.ProtocolViolation, "invalid SASL")]
    [InlineData("scram-sha-256", "n,,n=,r=n", true, SqlStates.ProtocolViolation, "invalid SASL")]
    [InlineData(Plain, "y,,n=,r=n", true, SqlStates.InvalidAuthorization, "negotiation error")]
    [InlineData(Plain, $"{EndPoint},,n=,r=n", true, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, $"{EndPoint},,n=,r=n", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plus, "n,,n=,r=n", true, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plus, "y,,n=,r=n", true, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plus, "p=tls-unique,,n=,r=n", true, SqlStates.ProtocolViolation, "unsupported SCRAM channel-binding")]
    [InlineData(Plus, "p=tls-server-end-pointx,,n=,r=n", true, SqlStates.ProtocolViolation, "unsupported SCRAM")]
    [InlineData(Plus, "p=,,n=,r=n", true, SqlStates.ProtocolViolation, "unsupported SCRAM")]
    [InlineData(Plain, "n,a=root,n=,r=n", false, SqlStates.FeatureNotSupported, "authorization identity")]
    [InlineData(Plain, "n,x,n=,r=n", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,m=x,n=,r=n", false, SqlStates.FeatureNotSupported, "unsupported SCRAM extension")]
    [InlineData(Plain, "n,,r=n,n=", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=a b", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=é", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=n,x", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=n,1=x", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "N,,n=,r=n", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, ",,n=,r=n", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "", false, SqlStates.ProtocolViolation, "malformed")]
    [InlineData(Plain, "n,,n=,r=n\0", false, SqlStates.ProtocolViolation, "malformed")]
    public void Another_first_message_is_refused(
        string mechanism, string message, bool isPlusOffered, string code, string words)
    {
        Assert.Null(First(Server(isPlusOffered), mechanism, message, out var fault));
        Assert.Equal(("FATAL", code), (fault!.Severity, fault.Code));
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_first_message_whose_length_is_not_its_own_is_refused()
    {
        var body = Initial(Plain, FirstMessage);
        foreach (var length in (int[])[-1, -2, int.MinValue, 0, 1, FirstMessage.Length - 1, FirstMessage.Length + 1,
                     int.MaxValue])
        {
            Messages.Wire.Int(length).CopyTo(body, Plain.Length + 1);
            Assert.False(Server(false).First(body, out var reply, out var fault));
            Assert.Equal((0, SqlStates.ProtocolViolation), (reply.Length, fault!.Code));
        }
    }

    [Fact]
    public void A_first_message_cut_short_at_any_byte_is_refused()
    {
        var body = Initial(Plain, FirstMessage);
        for (var length = 0; length < body.Length; length++)
        {
            Assert.False(Server(false).First(body.AsSpan(0, length), out _, out var fault));
            Assert.Equal(SqlStates.ProtocolViolation, fault!.Code);
        }
    }

    [Fact]
    public void Messages_are_as_long_as_PostgreSQL_reads_them()
    {
        var message = $"n,,n={new string('u', 1024 - 9)},r=n";
        Assert.NotNull(First(Server(false), Plain, message, out _));
        Assert.Null(First(Server(false), Plain, message + "n", out _));
    }

    public static TheoryData<string, string> BadFinals => new()
    {
        { "", SqlStates.ProtocolViolation },
        { "c=biws", SqlStates.ProtocolViolation },
        { $"c=biws,r={ClientNonce}{ServerNonce}", SqlStates.ProtocolViolation },
        {
            $"r={ClientNonce}{ServerNonce},c=biws,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
            SqlStates.ProtocolViolation
        },
        { FinalMessage.Replace("biws", "eSws"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("biws", ""), SqlStates.ProtocolViolation },
        { FinalMessage.Replace(ServerNonce, "x"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace(ServerNonce, ""), SqlStates.ProtocolViolation },
        { FinalMessage.Replace(ServerNonce, ServerNonce + "x"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("dHzb", ""), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("dHzb", "dHzbdHzb"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("AndVQ=", "AndVQ"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("AndVQ=", "AndVR="), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("dHzb", "dH b"), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("dHzb", "dH*b"), SqlStates.ProtocolViolation },
        { FinalMessage + ",x=y", SqlStates.ProtocolViolation },
        { FinalMessage + "\0", SqlStates.ProtocolViolation },
        { FinalMessage.Replace(",p=", ",1=x,p="), SqlStates.ProtocolViolation },
        { FinalMessage.Replace(",p=", $",x={new string('y', 1024)},p="), SqlStates.ProtocolViolation },
        { FinalMessage.Replace("dHzb", "dHzc"), SqlStates.InvalidPassword },
        { FinalMessage.Replace(",p=", ",x=y,p="), SqlStates.InvalidPassword },
    };

    [Theory]
    [MemberData(nameof(BadFinals))]
    public void Another_final_message_is_refused_and_gives_nothing_away(string message, string code)
    {
        var server = Server(false);
        Assert.NotNull(First(server, Plain, FirstMessage, out _));
        Assert.Null(Final(server, message, out var fault));
        Assert.Equal(code, fault!.Code);
        Assert.Empty(server.ClientKey);
    }

    [Fact]
    public void A_final_message_cut_short_at_any_byte_or_with_any_byte_changed_is_refused()
    {
        var bytes = Encoding.UTF8.GetBytes(FinalMessage);
        var prefixes = Enumerable.Range(0, bytes.Length).Select(length => bytes[..length]);
        var corruptions = Messages.Wire.Corruptions(bytes).Where(copy => !copy.SequenceEqual(bytes));
        foreach (var message in prefixes.Concat(corruptions))
        {
            var server = Server(false);
            Assert.NotNull(First(server, Plain, FirstMessage, out _));
            Assert.False(server.Final(message, out var reply, out var fault));
            Assert.NotNull(fault);
            Assert.Empty(reply);
        }
    }

    [Fact]
    public void A_message_out_of_turn_is_refused_and_ends_the_login()
    {
        var server = Server(false);
        Assert.Null(Final(server, FinalMessage, out var fault));
        Assert.Equal(SqlStates.ProtocolViolation, fault!.Code);
        Assert.Null(First(server, Plain, FirstMessage, out _));

        server = Server(false);
        Assert.NotNull(First(server, Plain, FirstMessage, out _));
        Assert.Null(First(server, Plain, FirstMessage, out _));
        Assert.Null(Final(server, FinalMessage, out _));

        server = Server(false);
        First(server, Plain, FirstMessage, out _);
        Assert.NotNull(Final(server, FinalMessage, out _));
        Assert.Null(Final(server, FinalMessage, out _));
    }

    [Fact]
    public void A_user_that_is_not_gets_the_answer_of_a_wrong_password()
    {
        var wrong = new ScramServer(Pencil, ServerNonce, null, isMock: false) { User = "anna" };
        var nobodys = ScramSecret.Mock("anna", "house"u8);
        var mock = new ScramServer(nobodys, ServerNonce, null, isMock: true) { User = "anna" };
        // Even one whose proof is right, had somebody guessed a mock secret.
        var guessed = new ScramServer(Pencil, ServerNonce, null, isMock: true) { User = "anna" };
        var faults = new List<PgError?>();
        foreach (var (server, message) in ((ScramServer, string)[])[
                     (wrong, FinalMessage.Replace("dHzb", "dHzc")), (mock, FinalMessage), (guessed, FinalMessage)])
        {
            Assert.NotNull(First(server, Plain, FirstMessage, out _));
            Assert.Null(Final(server, message, out var fault));
            faults.Add(fault);
            Assert.Empty(server.ClientKey);
        }

        Assert.Equal("password authentication failed for user \"anna\"", faults[0]!.Message);
        Assert.All(faults, fault => Assert.Equal(faults[0], fault));
    }

    private static ScramServer Server(bool isPlusOffered) =>
        new(Pencil, ServerNonce, isPlusOffered ? Binding : null, isMock: false);
}
