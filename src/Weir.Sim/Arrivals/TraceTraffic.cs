using Weir.Core.Routing;
using Weir.Sim.Recordings;

namespace Weir.Sim.Arrivals;

/// <summary>
/// A recording's requests: at their own times (sped up by a factor), each with the time that it held its slot. Seeds
/// other than the first draw that time from those of its route in its place.
/// </summary>
/// <param name="ownSeed">The seed whose run has each request's own time.</param>
internal sealed class TraceTraffic(RecordingSurvey survey, double factor, ulong ownSeed) : Traffic
{
    public override double RateMean => survey.Rate * factor;

    public override long Duration => (long)(survey.Duration / factor);

    /// <summary>The recorded router's draws, so that a policy that draws does what it did.</summary>
    public override ulong? ChanceOf(ulong seed) => seed == ownSeed ? survey.Replay.FirstChance : null;

    public override Traffic Scaled(double by) => new TraceTraffic(survey, factor * by, ownSeed);

    public override ArrivalStream Open(ulong seed, long duration) => new Stream(survey, factor, seed == ownSeed);

    private sealed class Stream(RecordingSurvey survey, double factor, bool isOwn) : ArrivalStream
    {
        private readonly TraceReader _reader = new(survey.Path, survey.App);

        public override bool TryNext(out SimArrival next)
        {
            while (_reader.TryNext(out var request))
            {
                if (request.IsWithoutSlot || request.Want == LeaseKind.NoSlot || !request.HasEnded)
                    continue;
                next = new SimArrival
                {
                    At = (long)((request.Arrived - survey.Replay.FirstAt) / factor),
                    Service = isOwn ? request.Hold : -1,
                    Upload = -1,
                    Route = request.Route,
                    IsIdempotent = request.IsIdempotent,
                    BytesHeld = request.BytesHeld,
                };
                return true;
            }

            next = default;
            return false;
        }

        public override void Dispose()
        {
            _reader.Dispose();
            base.Dispose();
        }
    }
}
