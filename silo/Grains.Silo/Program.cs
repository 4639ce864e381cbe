using Grains.Silo;

return await SiloCommand.Create().Parse(args).InvokeAsync();
