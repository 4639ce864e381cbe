using Grains.Cli;

return await GrainsCommand.RunAsync(args, Surroundings.OfProcess());
