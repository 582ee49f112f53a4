namespace Weir.Bench.Load;

/// <summary>What became of a planned request.</summary>
/// <param name="At">Its planned time, microseconds after the run's start.</param>
/// <param name="Response">
/// Microseconds from the planned time to the answer's last byte; of an unanswered one, its age when given up.
/// </param>
/// <param name="Status">0 = no answer.</param>
/// <param name="Service">What the app says it took (X-Service-Us); 0 where it says nothing.</param>
internal readonly record struct Outcome(long At, long Response, int Status, long Service)
{
    public bool Good => Status is >= 200 and < 400;
    public double ResponseMilliseconds => Response / 1000.0;
}
