using Weir.Dummy;

// A child app for tests and the bench: says `ready PORT…` once bound, and serves until it is killed.
if (!DummyOptions.TryParse(args, out var options, out var fault))
{
    Console.Error.WriteLine(fault);
    Console.Error.WriteLine(DummyOptions.Usage);
    return 2;
}

if (options.Mode == "crash")
{
    Console.Error.WriteLine("dummy: crashed as asked");
    return 3;
}

using var server = new DummyServer(options);
server.Start();
Console.WriteLine("ready " + string.Join(' ', server.Ports));
Console.Out.Flush();
server.Wait();
return 0;
