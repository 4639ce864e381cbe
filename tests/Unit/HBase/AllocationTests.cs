using System.Text.Json;
using Google.Protobuf;
using Grains.Testing.HBase.Protocol;
using HBase.Client;
using HBase.Client.Protocol;
using HBase.Client.Regions;
using Xunit;

namespace Grains.Tests.Unit.HBase;

/// <summary>What the hot ways allocate, held against the numbers in allocations.json beside this file: the encoding of a request and the reading of its answer, without the user's own objects.</summary>
public sealed class AllocationTests
{
    private const int Calls = 2000;
    private const int Rounds = 5;
    private static readonly RegionLocation Region = new("t", "t,a,1."u8.ToArray(), "a"u8.ToArray(), [], new HBaseEndpoint("h", 1));
    private static readonly byte[] Row = "row 12345"u8.ToArray();
    private static readonly byte[] Family = "f"u8.ToArray();
    private static readonly byte[] Value = new byte[200];

    [Fact]
    public void A_get_allocates_the_bytes_it_returns()
    {
        using var cells = new FrameBuffer();
        CellBlock.Append(cells, Row, Family, "q"u8, 1, 4, Value);
        CellBlock.Append(cells, Row, Family, "v"u8, 1, 4, new byte[8]);
        var block = cells.Written.ToArray();
        var answer = new GetResponse { Result = new ResultMessage { AssociatedCellCount = 2 } }.ToByteArray();
        var get = new Get(Row);
        var call = new GetCall();
        using var buffer = new FrameBuffer();

        Gate("get", () =>
        {
            call.Set(get, existenceOnly: false);
            call.Region = Region;
            buffer.Clear();
            call.WriteMessage(buffer);
            call.ReadAnswer(answer, block);
            if (call.Row.Count != 2) throw new InvalidOperationException();
        });
    }

    [Fact]
    public void A_put_and_a_conditional_one_allocate_nothing()
    {
        var put = new Put(Row, 2).Add(Family, "q"u8.ToArray(), Value).Add(Family, "v"u8.ToArray(), new byte[8]);
        var check = CheckAndMutate.IfEquals(Row, Family, "v"u8.ToArray(), new byte[8]).Then(put);
        var answer = new MutateResponse { Processed = true }.ToByteArray();
        var call = new MutateCall();
        using var buffer = new FrameBuffer();

        Gate("put", () => Run(null));
        Gate("checkAndMutate", () => Run(check));

        void Run(CheckAndMutate? condition)
        {
            call.Set(put, condition, default);
            call.Region = Region;
            buffer.Clear();
            call.WriteMessage(buffer);
            call.ReadAnswer(answer, default);
            if (!call.Processed) throw new InvalidOperationException();
        }
    }

    [Fact]
    public void A_step_of_a_scan_allocates_one_copy_of_its_cells()
    {
        using var cells = new FrameBuffer();
        var response = new ScanResponse { ScannerId = 1, MoreResults = true, MoreResultsInRegion = true };
        for (var i = 0; i < 100; i++)
        {
            CellBlock.Append(cells, Row, Family, "q"u8, 1, 4, Value);
            response.CellsPerResult.Add(1);
        }

        var block = cells.Written.ToArray();
        var answer = response.ToByteArray();
        var call = new ScanCall { Region = Region, MaxRows = 100 };

        Gate("scan of 100 rows", () =>
        {
            call.ReadAnswer(answer, block);
            if (call.Rows.Count != 100) throw new InvalidOperationException();
        });
    }

    private static void Gate(string name, Action call)
    {
        for (var i = 0; i < 100; i++) call();
        // What a call allocates it allocates in every round; what the runtime does once, while it compiles the call anew, is in one of them.
        var allocated = Enumerable.Range(0, Rounds).Min(_ =>
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < Calls; i++) call();
            return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        });

        var limits = JsonSerializer.Deserialize<Dictionary<string, long>>(File.ReadAllText(Path.Combine(Grains.Testing.BesideRepository.Root, "tests", "Unit", "HBase", "allocations.json")))!;
        Assert.True(allocated <= limits[name], $"{name} allocates {allocated} bytes; allocations.json allows {limits[name]}.");
    }
}
