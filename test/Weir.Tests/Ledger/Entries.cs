using Weir.Core.Http;
using Weir.Core.Ledger;
using Weir.Ledger;

namespace Weir.Tests.Ledger;

/// <summary>Records as the house would hand them in.</summary>
internal static class Entries
{
    public static LedgerEntry Plain()
    {
        var entry = new LedgerEntry
        {
            Id = 7,
            ArrivedUnixMicros = 1_795_300_816_123_456,
            Outcome = Outcome.Answered,
            LastPhase = Phase.Send,
            Status = 200,
            Verb = HttpVerb.Get,
            Method = "GET"u8,
            Path = "/orders?page=2"u8,
            Host = "shop.example.com"u8,
            RequestId = "8601b555-6a83-4c12-8269-97c8e32cdb22"u8,
            ForwardedFor = "204.204.204.204"u8,
            App = "web",
            Instance = "web.1",
            Slot = 2,
            SlotsLeased = 3,
            SlotsTotal = 4,
            QueuePosition = 0,
            QueueLength = 1,
            Tries = 1,
            RequestBytes = 0,
            ResponseBytes = 98,
            EdgeMicros = -1,
            FirstByteMicros = 17_900,
            WorkerMicros = 18_250,
            Protocol = ProtocolVersion.Http11,
        };
        long[] micros = [340_021, 0, 12_007, 312, 18_250, 2_100_004];
        for (var i = 0; i < micros.Length; i++)
            entry.Times[i] = micros[i];
        return entry;
    }
}
