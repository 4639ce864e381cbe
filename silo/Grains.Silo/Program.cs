using System.CommandLine;
using Grains.Silo;

// How long a stop may take is the host's to say, up to ten minutes; the library would end the process two seconds after the signal, in the middle of making things durable.
return await SiloCommand.Create().Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(11) });
