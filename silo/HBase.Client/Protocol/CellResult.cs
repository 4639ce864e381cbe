namespace HBase.Client.Protocol;

/// <summary>One result of an answer. <c>Result: 1 cell* (inline), 2 associated_cell_count, 3 exists, 5 partial</c>; the cells usually stand behind the message.</summary>
internal readonly record struct CellResult(HBaseRow Row, bool Exists, bool Partial)
{
    /// <summary>Reads a result, and takes its cells off the front of the block.</summary>
    public static CellResult Read(ReadOnlySpan<byte> message, ref ReadOnlySpan<byte> cells)
    {
        var count = 0UL;
        bool exists = false, partial = false;
        FrameBuffer? inline = null;
        var inlineCount = 0;
        try
        {
            var reader = new ProtoReader(message);
            while (reader.Next())
            {
                switch (reader.Field)
                {
                    case 1:
                        CellBlock.AppendInline(inline ??= new FrameBuffer(1024), reader.ReadBytes());
                        inlineCount++;
                        break;
                    case 2: count = reader.ReadUInt64(); break;
                    case 3: exists = reader.ReadBool(); break;
                    case 5: partial = reader.ReadBool(); break;
                    default: reader.Skip(); break;
                }
            }

            if (inline is not null) return new CellResult(new HBaseRow(inline.Written.ToArray(), inlineCount), exists, partial);
            if (count > int.MaxValue) throw new WireFormatException($"{count} cells announced.");

            return new CellResult(CellBlock.Take(ref cells, (int)count), exists, partial);
        }
        finally
        {
            inline?.Dispose();
        }
    }
}
