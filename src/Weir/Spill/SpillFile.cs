using Microsoft.Win32.SafeHandles;

namespace Weir.Spill;

/// <summary>A file that has no name any more; it is gone with its handle, however Weir ends.</summary>
internal sealed class SpillFile(SpillDisk disk)
{
    private SafeFileHandle? _handle;

    /// <summary>Bytes this file counts for in the disk's budget.</summary>
    public long BytesTaken { get; set; }

    /// <summary>Opens at first use, on a spill thread. Throws what the file system throws.</summary>
    public SafeFileHandle Open() => _handle ??= disk.CreateUnlinked();

    public void Close()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
