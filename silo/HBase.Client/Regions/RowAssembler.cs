using HBase.Client.Protocol;

namespace HBase.Client.Regions;

/// <summary>Puts rows together that a server sent in pieces.</summary>
internal sealed class RowAssembler : IDisposable
{
    private readonly FrameBuffer _piece = new();
    private int _cells;

    /// <summary>The whole rows of an answer; a last piece is kept until the rest of it comes, unless the region ends here.</summary>
    public List<HBaseRow> Take(ScanCall answer, bool regionEnds)
    {
        var rows = new List<HBaseRow>(answer.Rows.Count);
        for (var i = 0; i < answer.Rows.Count; i++)
        {
            var row = answer.Rows[i];
            if (row.IsEmpty) continue;

            // The piece before was the end of its row, which the server could not know.
            if (_cells > 0 && !Piece.Key.Span.SequenceEqual(row.Key.Span)) rows.Add(Finish());

            if (answer.IsPartial(i))
            {
                Keep(row);
            }
            else if (_cells > 0)
            {
                Keep(row);
                rows.Add(Finish());
            }
            else
            {
                rows.Add(row);
            }
        }

        if (regionEnds && _cells > 0) rows.Add(Finish());
        return rows;
    }

    /// <summary>Drops the pieces of a row that will be read again.</summary>
    public void Forget()
    {
        _piece.Clear();
        _cells = 0;
    }

    public void Dispose() => _piece.Dispose();

    private HBaseRow Piece => new(_piece.Written, _cells);

    private void Keep(HBaseRow row)
    {
        _piece.WriteRaw(row.Cells.Span);
        _cells += row.Count;
    }

    private HBaseRow Finish()
    {
        var row = new HBaseRow(_piece.Written.ToArray(), _cells);
        Forget();
        return row;
    }
}
