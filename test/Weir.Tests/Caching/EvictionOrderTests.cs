using Weir.Core.Caching;
using Weir.Core.Chance;

namespace Weir.Tests.Caching;

/// <summary>Who is let go first.</summary>
public sealed class EvictionOrderTests
{
    [Fact]
    public void Who_was_asked_for_again_outlives_who_was_not()
    {
        var order = new EvictionOrder(1000);
        for (var handle = 0; handle < 4; handle++)
            order.Add(handle, 10);
        order.Touch(0);
        Assert.Equal([1, 2, 3, 0], Walk(order));
        order.Touch(2);
        order.Touch(0);
        Assert.Equal([1, 3, 2, 0], Walk(order));
        Assert.True(order.Remove(3));
        Assert.False(order.Remove(3));
        Assert.Equal([1, 2, 0], Walk(order));
    }

    [Fact]
    public void What_protected_has_too_much_goes_once_more_through_probation()
    {
        var order = new EvictionOrder(100);
        for (var handle = 0; handle < 10; handle++)
            order.Add(handle, 10);
        for (var handle = 0; handle < 9; handle++)
            order.Touch(handle);
        Assert.Equal(80, order.ProtectedWeight);
        Assert.False(order.IsProtected(0));
        Assert.Equal([9, 0, 1, 2, 3, 4, 5, 6, 7, 8], Walk(order));
    }

    [Fact]
    public void It_is_the_same_order_as_in_plain_lists()
    {
        for (var seed = 0UL; seed < 2000; seed++)
            RunWorld(SeededRandom.Stream(seed, "order"));
    }

    private static void RunWorld(SeededRandom chance)
    {
        const long Capacity = 200;
        var order = new EvictionOrder(Capacity);
        var (probation, guarded) = (new List<int>(), new List<int>());
        var weights = new Dictionary<int, long>();
        for (var step = 0; step < 120; step++)
        {
            var handle = chance.NextBelow(24);
            var weight = chance.NextBelow(40);
            switch (chance.NextBelow(6))
            {
                case 0 or 1 when !weights.ContainsKey(handle):
                    order.Add(handle, weights[handle] = weight);
                    probation.Add(handle);
                    break;
                case 2:
                    Assert.Equal(weights.Remove(handle), order.Remove(handle));
                    probation.Remove(handle);
                    guarded.Remove(handle);
                    break;
                case 3 when weights.ContainsKey(handle):
                    order.Reweigh(handle, weights[handle] = weight);
                    break;
                default:
                    order.Touch(handle);
                    if (!probation.Remove(handle) && !guarded.Remove(handle))
                        break;
                    guarded.Add(handle);
                    while (guarded.Count > 1 && guarded.Sum(each => weights[each]) > Capacity * 8 / 10)
                    {
                        probation.Add(guarded[0]);
                        guarded.RemoveAt(0);
                    }

                    break;
            }

            Assert.Equal([.. probation, .. guarded], Walk(order));
            Assert.Equal((weights.Count, weights.Values.Sum()), (order.Count, order.Weight));
        }
    }

    private static List<int> Walk(EvictionOrder order)
    {
        var all = new List<int>();
        for (var handle = order.First; handle != EvictionOrder.None; handle = order.After(handle))
            all.Add(handle);
        return all;
    }
}
