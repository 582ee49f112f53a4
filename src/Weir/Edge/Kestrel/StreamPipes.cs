using System.IO.Pipelines;

namespace Weir.Edge.Kestrel;

/// <summary>A stream as Kestrel's HTTP/2 wants it.</summary>
internal sealed class StreamPipes(Stream stream, PipeWriter? output = null) : IDuplexPipe
{
    public PipeReader Input { get; } =
        PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true, useZeroByteReads: true));

    public PipeWriter Output { get; } =
        output ?? PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
}
