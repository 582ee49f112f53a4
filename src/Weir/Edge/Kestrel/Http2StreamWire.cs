using Microsoft.AspNetCore.Http.Features;
using Weir.Beat;
using Weir.Wires;

namespace Weir.Edge.Kestrel;

/// <summary>One stream of HTTP/2: its request's body and its answer's, or both ways of a WebSocket.</summary>
internal sealed class Http2StreamWire : StreamWire
{
    /// <summary>INTERNAL_ERROR of RFC 9113 section 7: the answer is not whole.</summary>
    private const int InternalError = 2;

    private readonly IFeatureCollection _features;
    private readonly ConnectionFacts _connection;
    private readonly IHttpResponseBodyFeature _body;
    private readonly CancellationTokenRegistration _whenGone;
    private Stream _input;
    private Stream _output;
    private int _isGone;
    private int _isAccepted;

    public Http2StreamWire(IFeatureCollection features, ConnectionFacts connection)
    {
        _features = features;
        _connection = connection;
        _body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        _input = features.GetRequiredFeature<IHttpRequestFeature>().Body;
        _output = _body.Stream;
        _whenGone = features.GetRequiredFeature<IHttpRequestLifetimeFeature>().RequestAborted
            .UnsafeRegister(static wire => ((Http2StreamWire)wire!).BeGone(), this);
    }

    public IHttpResponseFeature Response => _features.GetRequiredFeature<IHttpResponseFeature>();

    /// <summary>True once the client reset the stream, or its connection ended.</summary>
    public bool IsGone => Volatile.Read(ref _isGone) != 0;

    /// <summary>True once <see cref="BeginAccept"/> is done: bytes are the tunnel's.</summary>
    public bool IsAccepted => Volatile.Read(ref _isAccepted) != 0;

    /// <summary>Sends the head that the response features hold.</summary>
    public void BeginAnswer() => Run(new ValueTask(_body.StartAsync()));

    /// <summary>Answers an extended CONNECT with the head that the response features hold.</summary>
    public void BeginAccept() => Run(AcceptAsync());

    /// <summary>The stream's end is the end of its request, which comes after the last byte.</summary>
    public override void EndSend()
    {
    }

    /// <summary>Nothing of Kestrel's may be touched from here on: it uses its streams again.</summary>
    public void Leave() => _whenGone.Dispose();

    protected override ValueTask<int> ReadAsync(Memory<byte> into) => _input.ReadAsync(into);

    protected override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => _output.WriteAsync(bytes);

    protected override void CancelOperations()
    {
        if (IsReceiving)
            _features.Get<IRequestBodyPipeFeature>()?.Reader.CancelPendingRead();
        if (IsSending)
            _body.Writer.CancelPendingFlush();
    }

    protected override void Reset() => _features.Get<IHttpResetFeature>()?.Reset(InternalError);

    private async ValueTask AcceptAsync()
    {
        var connect = _features.GetRequiredFeature<IHttpExtendedConnectFeature>();
        _input = _output = await connect.AcceptAsync().ConfigureAwait(false);
        Volatile.Write(ref _isAccepted, 1);
    }

    private void BeGone()
    {
        Volatile.Write(ref _isGone, 1);
        _connection.CountReset(Clock.Now);
        Break();
    }
}
