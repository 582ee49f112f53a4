using Weir.Demo;
using Weir.Edge;
using Weir.Processes;
using Weir.Verbs;

InheritedSockets.Claim();
Supervisor.Claim();

// What the demo starts: this program itself, in parts that are no verbs of a person's.
if (args is [SampleApp.Verb])
    return SampleApp.Run(Environment.GetEnvironmentVariable("PORT"));
if (args is [DemoLoad.Verb, ..])
    return await DemoLoad.RunAsync(args);

return await CommandLine.RunAsync(args);
