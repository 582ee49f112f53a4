using Weir.Verbs;

return await CommandLine.RunAsync(args);
