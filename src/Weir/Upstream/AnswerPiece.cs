namespace Weir.Upstream;

/// <summary>What comes next in an app's answer.</summary>
internal enum AnswerPiece : byte
{
    /// <summary>Nothing yet; the owner is woken when there is more.</summary>
    Waiting,

    /// <summary>A 1xx head other than 101.</summary>
    Interim,

    /// <summary>The final head.</summary>
    Head,

    /// <summary>Bytes of body.</summary>
    Payload,

    /// <summary>The last byte has come.</summary>
    End,

    /// <summary>The connection ended before any byte of an answer.</summary>
    Nothing,

    /// <summary>The connection ended in the middle of an answer.</summary>
    Interrupted,

    /// <summary>What came is not HTTP as Weir takes it.</summary>
    Malformed,
}
