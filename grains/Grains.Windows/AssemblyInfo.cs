using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("Grains.Tests.Unit")]
