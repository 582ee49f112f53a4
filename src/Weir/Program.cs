using Weir.Demo;
using Weir.Verbs;

// What the demo starts: this program itself, in parts that are no verbs of a person's.
if (args is [SampleApp.Verb])
    return SampleApp.Run(Environment.GetEnvironmentVariable("PORT"));
if (args is [DemoLoad.Verb, ..])
    return await DemoLoad.RunAsync(args);

// Read by managed code when the first socket is used, so it must come before everything else: socket callbacks then run
// on the thread that polls, which halves a proxied request's processor time. It is process-wide, and stripped from what
// Weir starts.
if (args is ["proxy" or "run" or "demo", ..])
    Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

return await CommandLine.RunAsync(args);
