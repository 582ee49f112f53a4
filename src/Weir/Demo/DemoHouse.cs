using System.Globalization;
using Weir.Config;
using Weir.Core.Ledger;
using Weir.Ledger;
using Weir.Processes;

namespace Weir.Demo;

/// <summary>The Weir of a demo: a whole house in this process, on loopback, without an admin door.</summary>
internal sealed class DemoHouse : IDisposable
{
    private readonly House _house;

    /// <param name="instance">"127.0.0.1:PORT=SLOTS".</param>
    public DemoHouse(WeirOptions options, string instance)
    {
        Address = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{FreePort.Next()}");
        _house = new House(options with
        {
            Quiet = true,
            Edge = options.Edge with { Listen = [Address] },
            Ledger = options.Ledger with { Log = LogFormat.Off },
            Apps = [options.Apps[0] with { To = [instance] }],
        });
        _house.Start();
    }

    public string Address { get; }

    /// <summary>The receipt of the last slow upload that was answered; null where none was.</summary>
    public string? LastReceipt()
    {
        string? receipt = null;
        _house.Rooms.Ledger.Recent.Read((in RecentRecord record, in RecentText text) =>
        {
            if (record.Outcome == Outcome.Answered && text.Method.SequenceEqual("POST"u8))
                receipt = Receipt.Write(record.Times, record.WorkerMicros);
        });
        return receipt;
    }

    /// <summary>Its clients have gone already.</summary>
    public Task StopAsync() => _house.StopAsync(TimeSpan.FromMilliseconds(500));

    public void Dispose() => _house.Dispose();
}
