using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Weir.Core.Http.Forwarding;

namespace Weir.Tests.Http.Forwarding;

public sealed class FieldFilterTests
{
    // Each line as it comes, and as it goes on ("" = it does not).
    private static readonly (string In, string Out)[] Lines =
    [
        ("A: 1\r\n", "A: 1\r\n"),
        ("B:2\r\n", "B:2\r\n"),
        ("C:\r\n", "C:\r\n"),
        ("D : 4\r\n", "D: 4\r\n"),
        ("E:  5 \r\n", "E: 5\r\n"),
        ("Accept: */*\r\n", "Accept: */*\r\n"),
        ("X-Forwarded-For: 6.6.6.6\r\n", ""),
        ("X_Real_Ip: 6.6.6.6\r\n", ""),
        ("Connection: close, X-Hop\r\n", ""),
        ("Te: trailers\r\n", ""),
    ];

    [Fact]
    public void Runs_of_lines_come_out_as_if_each_had_been_copied_alone()
    {
        var order = Gen.Choose(0, Lines.Length - 1).ListOf().ToArbitrary();
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1_000), Prop.ForAll(order, indexes =>
        {
            var came = string.Concat(indexes.Select(index => Lines[index].In));
            var goes = string.Concat(indexes.Select(index => Lines[index].Out));
            Assert.Equal(goes, Copy("GET / HTTP/1.1\r\n" + came + "\r\n"));
        }));
    }

    private static string Copy(string request)
    {
        var head = HeadSplitter.Request(request);
        var seen = FieldMask.Seen(head.Fields, out _);
        var buffer = new byte[request.Length * 2];
        var cursor = new HeadCursor(buffer);
        new FieldFilter(head.Bytes, head.Fields, seen, FieldMask.NeverUpstream, toApp: true).CopyTo(ref cursor);
        return Encoding.Latin1.GetString(buffer.AsSpan(0, cursor.Written));
    }
}
