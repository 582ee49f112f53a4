using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Sockets;
using Weir.EndToEnd.Support;
using Weir.Tests.Support;

namespace Weir.EndToEnd.Pooling.Chaos;

/// <summary>
/// Clients who write numbered rows in every way there is, and remember of each whether the server said that it is
/// committed. A client whose connection ends takes a new one. The table has no unique key: a row that was written twice
/// would show.
/// </summary>
internal sealed class LedgerLoad : IDisposable
{
    /// <summary>Classes and codes of a server that ends or is not there; 25P02 follows them in a pipeline.</summary>
    private static readonly string[] s_explained = ["57P", "08", "53300", "25P02"];

    private readonly int _port;
    private readonly IReadOnlyList<SideThread> _threads;
    private readonly ConcurrentDictionary<long, bool> _sent = [];
    private readonly ConcurrentBag<string> _faults = [];
    private volatile bool _isStopped;
    private long _number;
    private int _committed;
    private int _lost;

    public LedgerLoad(int port, int clients)
    {
        _port = port;
        _threads = SideThread.Start(clients, Write);
    }

    public const string Table = "create table if not exists entries (number bigint not null, way text)";

    public int Committed => Volatile.Read(ref _committed);

    /// <summary>Connections that ended under a client.</summary>
    public int Lost => Volatile.Read(ref _lost);

    /// <summary>Errors that no restart and no cut explains.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Every row that was said to be committed is there once, and of the others none is there twice.</summary>
    public IReadOnlyList<string> Compare(PostgresServer server)
    {
        var there = server.Rows("select number::text, count(*)::text, min(way) from entries group by number")
            .ToDictionary(row => long.Parse(row[0]!, CultureInfo.InvariantCulture), row => (row[1]!, row[2]!));
        var wrong = new List<string>();
        foreach (var (number, isCommitted) in _sent)
        {
            var count = there.TryGetValue(number, out var row) ? row.Item1 : "0";
            if (count is not ("0" or "1") || (isCommitted && count != "1"))
                wrong.Add($"row {number} ({row.Item2}) is there {count} times, committed: {isCommitted}");
            there.Remove(number);
        }

        wrong.AddRange(there.Select(row => $"row {row.Key} was never sent"));
        return wrong;
    }

    public void Stop()
    {
        _isStopped = true;
        SideThread.JoinAll(_threads);
    }

    public void Dispose() => Stop();

    private void Write(int which)
    {
        while (!_isStopped)
        {
            try
            {
                using var client = PgRawClient.LogIn(_port, PostgresServer.User, PostgresServer.Database);
                for (var turn = which; !_isStopped; turn++) WriteOne(client, turn % 4);
            }
            catch (Exception fault) when (fault is IOException or SocketException)
            {
                if (fault.Message.Contains("while waiting", StringComparison.Ordinal)) _faults.Add(fault.Message);
                Interlocked.Increment(ref _lost);
                Thread.Sleep(20);
            }
        }
    }

    private void WriteOne(PgRawClient client, int way)
    {
        var number = Interlocked.Increment(ref _number);
        _sent[number] = false;
        var insert = string.Create(CultureInfo.InvariantCulture, $"insert into entries values ({number}, 'way {way}')");
        var text = number.ToString(CultureInfo.InvariantCulture);
        var answers = way switch
        {
            0 => [client.Query(insert)],
            1 => [client.Query("begin"), client.Query(insert), client.Query("commit")],
            2 => [client.Ask(new PgBatch().Parse("w", "insert into entries values ($1, 'way 2')").Bind("", "w", text)
                .Execute().Close('S', "w").Sync())],
            _ => Pipelined(client, text),
        };
        if (answers.Any(answer => answer.Fault.Length > 0))
        {
            // An error in place of an answer: of a server that ends, or of a pooler that has none.
            var fault = answers.First(answer => answer.Fault.Length > 0).Fault;
            if (!s_explained.Any(code => fault.StartsWith(code, StringComparison.Ordinal))) _faults.Add(fault);
            return;
        }

        // A COMMIT of a transaction that has failed says ROLLBACK.
        if (answers[^1].Tags.LastOrDefault() is null or "ROLLBACK") return;
        _sent[number] = true;
        Interlocked.Increment(ref _committed);
    }

    private static PgAnswer[] Pipelined(PgRawClient client, string number)
    {
        client.Send(new PgBatch().Extended("begin").Extended("insert into entries values ($1, 'way 3')", number)
            .Extended("commit"));
        return [client.ReadAnswer(), client.ReadAnswer(), client.ReadAnswer()];
    }
}
