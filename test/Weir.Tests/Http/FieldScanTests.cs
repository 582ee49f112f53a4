using Weir.Core.Http;

namespace Weir.Tests.Http;

public sealed class FieldScanTests
{
    [Fact]
    public void A_colon_is_found_at_every_place_of_a_line_of_every_length()
    {
        for (var length = 0; length <= 100; length++)
        {
            var line = new byte[length];
            Array.Fill(line, (byte)'a');
            Assert.Equal(-1, FieldScan.IndexOfColon(line));
            for (var place = length - 1; place >= 0; place--)
            {
                // Those found before stay: the first one counts.
                line[place] = (byte)':';
                Assert.Equal(place, FieldScan.IndexOfColon(line));
            }
        }
    }

    [Fact]
    public void A_byte_stops_a_value_exactly_where_the_grammar_says_so()
    {
        for (var value = 0; value <= 255; value++)
        {
            var stops = ByteSets.ValueStop.Contains((byte)value);
            foreach (var place in new[] { 0, 1, 31, 32, 33, 63, 64, 90 })
            {
                var line = new byte[91];
                Array.Fill(line, (byte)'v');
                line[place] = (byte)value;
                Assert.Equal(stops ? place : -1, FieldScan.IndexOfValueStop(line, 0));
                Assert.Equal(stops ? place : -1, FieldScan.IndexOfValueStop(line, place));
                Assert.Equal(-1, FieldScan.IndexOfValueStop(line, place + 1));
            }
        }
    }

    [Fact]
    public void The_first_stop_counts_from_every_start_of_a_line_of_every_length()
    {
        for (var length = 0; length <= 70; length++)
        {
            var line = new byte[length];
            Array.Fill(line, (byte)'\t');
            for (var place = length - 1; place >= 0; place--)
            {
                line[place] = (byte)'\r';
                for (var start = 0; start <= place; start++)
                    Assert.Equal(place, FieldScan.IndexOfValueStop(line, start));
            }

            Assert.Equal(-1, FieldScan.IndexOfValueStop(line, length));
        }
    }
}
