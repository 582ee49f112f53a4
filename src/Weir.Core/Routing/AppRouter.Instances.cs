namespace Weir.Core.Routing;

// The instances: which are open, and what follows from that.
internal sealed partial class AppRouter
{
    // All of these follow from the instances and options, and are counted anew when one of them changes.
    private ulong _open;
    private int _usable;
    private int _well;
    private int _slotsTotal;
    private bool _hasBacklog;
    private long _restEnds = Never;
    private long _waitMax = Never;

    private static ulong Bit(int index) => 1UL << (index & 63);

    private void RaiseInstance(long now, in RoutingEvent happened)
    {
        while (_instanceCount <= happened.Instance)
        {
            if (_instanceCount == _instances.Length)
                GrowInstances();
            // Indexes that were skipped are down until they are raised.
            _instances[_instanceCount++] = new InstanceState { IsDown = true };
        }
        var instance = _instances[happened.Instance];
        instance.IsDown = false;
        instance.IsDraining = false;
        instance.Quarantine = default;
        instance.Slots.Resize(Math.Max(0, happened.Count), Math.Max(0, happened.Backlog));
        for (var slot = 0; slot < instance.Slots.Capacity && instance.Slots.Lost > 0; slot++)
        {
            if (instance.Slots[slot].State == SlotState.Lost)
                Release(now, happened.Instance, slot);
        }
    }

    private void GrowInstances()
    {
        var length = Math.Max(8, _instances.Length * 2);
        Array.Resize(ref _instances, length);
        Array.Resize(ref _loads, length);
        Array.Resize(ref _candidates, length);
    }

    private void CloseInstance(int index, bool isDown)
    {
        if ((uint)index >= (uint)_instanceCount)
            return;
        var instance = _instances[index];
        if (isDown)
            instance.IsDown = true;
        else
            instance.IsDraining = true;
        Unbind(instance.Line);
    }

    private void Rest(long now, int index)
    {
        if (!_instances[index].Quarantine.Refuse(now, _options.QuarantineMax))
            return;
        Unbind(_instances[index].Line);
        Recount();
    }

    private void EndRests(long now)
    {
        for (var i = 0; i < _instanceCount; i++)
        {
            if (_instances[i].Quarantine.Until <= now)
                _instances[i].Quarantine.EndRest();
        }
    }

    private void Recount()
    {
        _open = 0;
        _usable = 0;
        _well = 0;
        _slotsTotal = 0;
        _hasBacklog = false;
        _restEnds = Never;
        for (var i = 0; i < _instanceCount; i++)
            CountInstance(i, _instances[i]);
        _isBooting = _booting > 0 && _usable == 0;
        _isCentral = _options.Policy == RoutingPolicy.Central;
        _isPlain = _isCentral && !_isPaused && !_options.SlotsBypassed;
        _waitMax = _options.QueueWaitMax is > 0 and < Never / 4 ? _options.QueueWaitMax : Never;
        if (_well == 0)
            _waitMax = Math.Min(_waitMax, _options.AllRefusedMax);
    }

    private void CountInstance(int index, InstanceState instance)
    {
        instance.Reopen();
        Reload(index, instance);
        if (!instance.IsDown)
            _slotsTotal += instance.Slots.Count;
        if (!instance.IsUsable)
            return;
        _usable++;
        _hasBacklog |= instance.Slots.Backlog > 0;
        if (instance.Quarantine.Refusals == 0)
            _well++;
        if (instance.Quarantine.IsResting)
            _restEnds = Math.Min(_restEnds, instance.Quarantine.Until);
        else
            _open |= Bit(index);
    }

    private bool AreTunnelsFull()
    {
        if (_usable == 0)
            return false;
        for (var i = 0; i < _instanceCount; i++)
        {
            if (_instances[i].IsUsable && _instances[i].Tunnels < _options.UpgradesMax)
                return false;
        }
        return true;
    }
}
