using System.Runtime.CompilerServices;

namespace Weir.EndToEnd.Support;

/// <summary>
/// Tests and scripted apps wait on threads. The pool must not be starved by them, or the house in this process would
/// wait too.
/// </summary>
internal static class ThreadRoom
{
    [ModuleInitializer]
    internal static void Make() => ThreadPool.SetMinThreads(64, 64);
}
