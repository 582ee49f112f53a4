using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Weir.Core.Chance;
using Weir.EndToEnd.Support;

namespace Weir.EndToEnd.Pooling.Talks;

/// <summary>
/// Whatever a client says, however it is cut, it hears what it would hear on a direct connection; and when its
/// transaction is over its server connection serves others. WEIR_TALKS (400), WEIR_TALK_FROM (0) and WEIR_TALK_SEED
/// (1) choose how many and which.
/// </summary>
public sealed class TalkTests(PostgresFixture postgres)
{
    private const int FaultsMax = 5;

    [Fact]
    public void A_random_talk_gets_the_messages_of_a_direct_connection_and_gives_its_server_back()
    {
        var count = TestSize.Of("WEIR_TALKS", 400);
        var from = TestSize.Of("WEIR_TALK_FROM", 0);
        var seed = TestSize.Of("WEIR_TALK_SEED", 1);
        Prepare();
        using var pool = postgres.Pool(1);
        using var other = Connect(pool.Port);
        var faults = new List<string>();
        for (var talk = from; talk < from + count && faults.Count < FaultsMax; talk++)
        {
            var random = SeededRandom.Stream((ulong)seed, string.Create(CultureInfo.InvariantCulture, $"talk {talk}"));
            if (FaultOf(new RandomTalk(random), random, pool, other) is { } fault)
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, talk {talk}: {fault}"));
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    /// <summary>Nothing of what one client said or left undone is heard by another.</summary>
    [Fact]
    public void Random_talks_at_once_over_few_connections_hear_nothing_of_each_other()
    {
        const int talkers = 6;
        var count = TestSize.Of("WEIR_TALKS", 400) / talkers;
        var seed = TestSize.Of("WEIR_TALK_SEED", 1);
        Prepare();
        using var pool = postgres.Pool(2);
        var faults = new ConcurrentQueue<string>();
        Task.WaitAll([.. Enumerable.Range(0, talkers).Select(talker => Task.Run(() =>
        {
            for (var talk = 0; talk < count && faults.Count < FaultsMax; talk++)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"talker {talker}, talk {talk}");
                var random = SeededRandom.Stream((ulong)seed, name);
                if (FaultOf(new RandomTalk(random), random, pool) is { } fault)
                    faults.Enqueue($"seed {seed}, {name}: {fault}");
            }
        }))]);
        Assert.True(faults.IsEmpty, string.Join("\n\n", faults));
    }

    private void Prepare() =>
        postgres.Server.Do($"create table if not exists talked (a int); grant all on talked to {PostgresServer.User}");

    private string? FaultOf(RandomTalk talk, SeededRandom random, PoolDoor pool)
    {
        using var direct = Connect(postgres.Server.Port);
        using var client = Connect(pool.Port);
        return FaultOf(talk, random, direct, client);
    }

    private static string? FaultOf(RandomTalk talk, SeededRandom random, PgRawClient direct, PgRawClient client)
    {
        var (wanted, given) = (Hear(direct, talk, random), Hear(client, talk, random));
        return Alike(wanted) == Alike(given) && !wanted.Contains("closed after", StringComparison.Ordinal) ? null
            : $"{talk.Told}\n  direct:     {wanted}\n  the pooler: {given}";
    }

    private string? FaultOf(RandomTalk talk, SeededRandom random, PoolDoor pool, PgRawClient other)
    {
        using var direct = Connect(postgres.Server.Port);
        using var client = Connect(pool.Port);
        if (FaultOf(talk, random, direct, client) is { } fault) return fault;
        // Before anybody else asks: what the server answers now is nobody's.
        var after = Shown(client.Query("select 1"));
        if (!after.EndsWith("ZI", StringComparison.Ordinal)) return $"{talk.Told}\n  and then: {after}";
        other.Send(new PgBatch().Query("select 'other'"));
        if (!other.IsReadableWithin(TimeSpan.FromSeconds(10)))
        {
            client.Vanish();
            other.ReadAnswer();
            return $"{talk.Told}\n  keeps its server connection";
        }

        var another = Shown(other.ReadAnswer());
        return another.Contains("(other)", StringComparison.Ordinal) ? null : $"{talk.Told}\n  another hears {another}";
    }

    private static string Hear(PgRawClient client, RandomTalk talk, SeededRandom random)
    {
        // The answers are read while the talk goes on: neither side ever waits for the other's buffers.
        var heard = Task.Run(() =>
        {
            var words = new List<string>();
            try
            {
                while (!words.Contains($"D({RandomTalk.EndMark})"))
                {
                    words.AddRange(Words(client.ReadAnswer()));
                }
            }
            catch (IOException fault)
            {
                words.Add(fault.Message);
            }

            return string.Join(' ', words);
        });
        foreach (var piece in talk.Pieces)
        {
            try
            {
                client.Send(piece);
            }
            catch (SocketException)
            {
                // Closed: what was heard says why.
                break;
            }

            if (talk.Pieces.Count > 1 && random.NextBelow(3) == 0) Thread.Sleep(random.NextBelow(3));
        }

        return heard.GetAwaiter().GetResult();
    }

    /// <summary>
    /// In a failed transaction a statement that the connection has lost cannot be given to it again: there it is enough
    /// that the transaction stays failed, or ends.
    /// </summary>
    private static string Alike(string heard) => Regex.Replace(heard, @"(?<= ZE )(?:(?! Z[IT]).)*?ZE", "ZE");

    private static string Shown(PgAnswer answer) => string.Join(' ', Words(answer));

    /// <summary>Every message but those that may come at any time.</summary>
    private static IEnumerable<string> Words(PgAnswer answer) => answer.Messages
        .Where(message => message.Kind is not ('N' or 'A' or 'S'))
        .Select(message => message.Kind switch
        {
            'E' => $"E({message.Field('C')} {message.Field('M')})",
            'D' => $"D({string.Join(',', message.Cells())})",
            'C' or 'Z' => message.Kind + message.Text,
            _ => message.Kind.ToString(),
        });

    private static PgRawClient Connect(int port) =>
        PgRawClient.LogIn(port, PostgresServer.User, PostgresServer.Database);
}
