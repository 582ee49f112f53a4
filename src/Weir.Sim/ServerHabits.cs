namespace Weir.Sim;

/// <summary>What instances do besides working. Times in microseconds.</summary>
internal sealed record ServerHabits
{
    /// <summary>From a start until the instance takes requests.</summary>
    public long BootTime { get; init; }

    /// <summary>True where the instances only begin to boot when the run begins.</summary>
    public bool StartsCold { get; init; }

    /// <summary>For so long after its boot an instance is slower, from WarmFactor evenly down to 1.</summary>
    public long WarmTime { get; init; }

    public double WarmFactor { get; init; } = 1;

    /// <summary>Processors of a machine; 0 = as many as there is work.</summary>
    public int Cores { get; init; }

    /// <summary>
    /// What of the service time is processor time (0 … 1): with n at work on k processors a request takes
    /// 1 + share × (n / k − 1) as long.
    /// </summary>
    public double CpuShare { get; init; } = 1;

    /// <summary>Instances stand on so many machines, by turns.</summary>
    public int Machines { get; init; } = 1;

    /// <summary>
    /// True: Linux' TCP. A full accept queue (it holds one more than the backlog) drops the connection's last packet
    /// and says nothing; the client knocks again after 1, 3 and 7 s. False: it is refused at once, as on a unix socket.
    /// </summary>
    public bool DropsWhenFull { get; init; }

    /// <summary>For how long a router tries to connect. 5 s: Heroku's.</summary>
    public long ConnectTimeout { get; init; } = 5_000_000;

    /// <summary>Router to instance, and back.</summary>
    public long Delay { get; init; }

    /// <summary>From the lease until the client is told H12; 0 = never.</summary>
    public long AnswerTimeout { get; init; }

    /// <summary>An abandoned slot's instance is started anew after so long.</summary>
    public long StuckAfter { get; init; } = 60_000_000;

    public bool IsPlain => BootTime == 0 && WarmTime == 0 && Cores == 0 && Delay == 0 && AnswerTimeout == 0;
}
