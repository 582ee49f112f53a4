using System.Diagnostics.CodeAnalysis;

namespace Weir.Wires;

// An io_uring for sends that do not wait: all that were added are carried out within the one call that submits them, so
// nothing is under way between two of them. By one thread at a time.

/// <summary>Many sends in one call into the kernel.</summary>
internal sealed unsafe class SendRing
{
    /// <summary>A result: it was not tried, or its error is best learned by a call of its own.</summary>
    public const int NotSent = -1;

    private readonly int _ring;
    private readonly uint* _submittedTail;
    private readonly uint _submittedMask;
    private readonly Kernel.RingSubmission* _submissions;
    private readonly uint* _endedHead;
    private readonly uint* _endedTail;
    private readonly uint _endedMask;
    private readonly Kernel.RingCompletion* _completions;
    private uint _added;

    private SendRing(int ring, byte* rings, byte* submissions, in Kernel.RingParameters parameters)
    {
        _ring = ring;
        _submittedTail = (uint*)(rings + parameters.Submitted.Tail);
        _submittedMask = *(uint*)(rings + parameters.Submitted.Mask);
        _submissions = (Kernel.RingSubmission*)submissions;
        _endedHead = (uint*)(rings + parameters.Ended.Head);
        _endedTail = (uint*)(rings + parameters.Ended.Tail);
        _endedMask = *(uint*)(rings + parameters.Ended.Mask);
        _completions = (Kernel.RingCompletion*)(rings + parameters.Ended.Sixth);
        // The ring of places always says: as they lie.
        var places = (uint*)(rings + parameters.Submitted.Seventh);
        for (uint place = 0; place < parameters.SubmittedMax; place++)
            places[place] = place;
    }

    /// <summary>The kernel refused what was submitted: it is not to be used any more.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>False: no io_uring here (before Linux 5.6), or not allowed, as in most containers.</summary>
    public static bool TryMake(int entries, [NotNullWhen(true)] out SendRing? made)
    {
        made = null;
        Kernel.RingParameters parameters = default;
        var ring = Kernel.MakeRing((uint)entries, &parameters);
        if (ring < 0)
            return false;
        const uint needed = Kernel.RingsInOneMapping | Kernel.RingDropsNothing;
        var places = parameters.Submitted.Seventh + parameters.SubmittedMax * sizeof(uint);
        var completions = parameters.Ended.Sixth + parameters.EndedMax * (uint)sizeof(Kernel.RingCompletion);
        var rings = (parameters.Features & needed) == needed
            ? Kernel.MapRing(ring, (nint)Math.Max(places, completions), 0) : null;
        var submissions = rings is null ? null : Kernel.MapRing(
            ring, (nint)parameters.SubmittedMax * sizeof(Kernel.RingSubmission), Kernel.RingEntries);
        if (submissions is null)
        {
            // A mapping that succeeded goes with the process: this happens once a thread at most.
            _ = Kernel.Close(ring);
            return false;
        }

        made = new SendRing(ring, rings, submissions, parameters);
        return true;
    }

    /// <summary>One more send, of bytes that stay where they are until all are submitted.</summary>
    /// <param name="which">The place of its result.</param>
    public void Add(int descriptor, byte* start, int count, int which)
    {
        _submissions[(*_submittedTail + _added) & _submittedMask] = new Kernel.RingSubmission
        {
            Operation = Kernel.RingSend,
            Descriptor = descriptor,
            Start = start,
            Length = (uint)count,
            // Told not to wait, it ends at once whatever comes of it (REQ_F_NOWAIT).
            MessageFlags = Kernel.SendFlags,
            Mark = (ulong)which,
        };
        _added++;
    }

    /// <summary>Sends all that were added.</summary>
    /// <param name="results">Bytes taken, 0 if the kernel takes none for now, or <see cref="NotSent"/>.</param>
    public void Submit(Span<int> results)
    {
        results.Fill(NotSent);
        var left = _added;
        Volatile.Write(ref *_submittedTail, *_submittedTail + left);
        while (left > 0)
        {
            var taken = Kernel.EnterRing(_ring, left);
            if (taken <= 0)
            {
                // It reads the ring within the call only: what it did not take is taken back.
                Volatile.Write(ref *_submittedTail, *_submittedTail - left);
                IsSpent = true;
                break;
            }

            left -= (uint)taken;
        }

        Collect(_added - left, results);
        _added = 0;
    }

    private void Collect(uint count, Span<int> results)
    {
        var head = *_endedHead;
        while (count > 0)
        {
            if (head == Volatile.Read(ref *_endedTail))
            {
                if (Kernel.AwaitRing(_ring, count) < 0 && Kernel.LastError != Kernel.EIntr)
                    Environment.FailFast($"weir: io_uring_enter failed: error {Kernel.LastError}");
                continue;
            }

            ref var ended = ref _completions[head & _endedMask];
            results[(int)ended.Mark] = ended.Result >= 0 ? ended.Result
                : ended.Result == -Kernel.EAgain ? 0 : NotSent;
            head++;
            count--;
            Volatile.Write(ref *_endedHead, head);
        }
    }
}
