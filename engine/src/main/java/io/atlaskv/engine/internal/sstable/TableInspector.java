package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.tools.TableContents;
import io.atlaskv.engine.api.tools.TableVisitor;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Tells what lies in a table.
public final class TableInspector implements AutoCloseable {
  private final TableReader table;
  private final BlockCache cache;
  private final FileHeader header;

  private TableInspector(TableReader table, BlockCache cache, FileHeader header) {
    this.table = table;
    this.cache = cache;
    this.header = header;
  }

  /// Opens table `number` of whatever store it says it belongs to.
  ///
  /// @param cache lends buffers; nothing is put into it
  public static TableInspector open(FileSystem files, long number, BlockCache cache) {
    FileHeader header = header(files, number);
    return new TableInspector(
        TableReader.open(files, number, header.storeUuid(), cache, PointIndexes.NONE),
        cache,
        header);
  }

  /// The header of table `number`.
  public static FileHeader header(FileSystem files, long number) {
    String name = FileName.table(number);
    try (var arena = Arena.ofConfined();
        var file = files.openRead(name)) {
      var bytes = arena.allocate(FileHeader.BYTES);
      int found = file.read(0, bytes.asByteBuffer());
      return FileHeader.decode(name, bytes.asSlice(0, found), FileFormat.TABLE);
    }
  }

  /// What the table says of itself.
  public TableContents contents() {
    TableProperties told = table.properties();
    PrefixFilter prefixes = table.prefixFilter();
    return new TableContents(
        table.name(),
        header.storeUuid(),
        header.version(),
        told.fileBytes(),
        parts(),
        table.index().blocks(),
        told.entries(),
        told.deletions(),
        told.rangeDeletes(),
        told.rawKeyBytes(),
        told.rawValueBytes(),
        told.smallestSequence(),
        told.largestSequence(),
        told.createdMillis(),
        told.smallest(),
        told.largest(),
        told.isLargestExclusive(),
        table.filter().bytes() / TableFilter.LINE_BYTES,
        table.filter().probes(),
        prefixes == null ? List.of() : lengths(prefixes.lengths()),
        prefixes == null ? 0 : prefixes.bytes() / TableFilter.LINE_BYTES,
        prefixes == null ? 0 : prefixes.probes(),
        table.index().levels(),
        told.expiring(),
        told.smallestExpiryMillis(),
        told.largestExpiryMillis());
  }

  private static List<TableContents.PrefixLength> lengths(PrefixLengths lengths) {
    return IntStream.range(0, lengths.count())
        .mapToObj(i -> new TableContents.PrefixLength(lengths.namespace(i), lengths.bytes(i)))
        .toList();
  }

  private List<TableContents.Part> parts() {
    TableFooter footer = table.footer();
    long footerOffset = footer.properties().end();
    var parts = new ArrayList<TableContents.Part>();
    parts.add(new TableContents.Part("header", 0, FileHeader.BYTES));
    long dataBytes = footer.metadataStart() - FileHeader.BYTES;
    parts.add(new TableContents.Part("data blocks", FileHeader.BYTES, dataBytes));
    add(parts, "range tombstones", footer.rangeTombstones());
    add(parts, "filter", footer.filter());
    add(parts, "index", footer.index());
    add(parts, "properties", footer.properties());
    parts.add(new TableContents.Part("footer", footerOffset, TableFooter.BYTES));
    return parts;
  }

  private static void add(List<TableContents.Part> parts, String name, BlockHandle handle) {
    if (handle.exists()) {
      parts.add(new TableContents.Part(name, handle.offset(), handle.storedBytes()));
    }
  }

  /// Tells the blocks, and what lies in them.
  public void visit(TableVisitor visitor) {
    try (var walk = new BlockWalk(table, cache.buffers())) {
      while (walk.next()) {
        TableVisitor.Block block = block(walk);
        visitor.block(block);
        if (visitor.wantsRows() && block.damage().isEmpty()) {
          var rows = walk.entries();
          for (rows.seekToFirst(); rows.isValid(); rows.next()) {
            visitor.row(row(rows));
          }
        }
      }
    }
    for (RangeTombstone tombstone : RangeTombstoneBlock.list(table.rangeTombstones())) {
      visitor.rangeTombstone(
          new TableVisitor.RangeDelete(tombstone.start(), tombstone.end(), tombstone.sequence()));
    }
  }

  private static TableVisitor.Block block(BlockWalk walk) {
    Bytes first = null;
    int count = 0;
    String damage = "";
    try {
      walk.decode();
      var rows = walk.entries();
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        first = first == null ? key(rows) : first;
        count++;
      }
    } catch (AtlasException e) {
      damage = String.valueOf(e.getMessage());
    }
    boolean isIntact = damage.isEmpty();
    return new TableVisitor.Block(
        walk.ordinal(),
        walk.offset(),
        walk.storedBytes(),
        isIntact ? walk.blockBytes() : 0,
        isIntact ? compression(walk) : "unknown",
        isIntact ? count : 0,
        orEmpty(isIntact ? first : null),
        damage);
  }

  private static String compression(BlockWalk walk) {
    return walk.isStoredRaw() ? "none" : "lz4";
  }

  private static Bytes orEmpty(@Nullable Bytes bytes) {
    return bytes == null ? Bytes.EMPTY : bytes;
  }

  private static Bytes key(DataBlockIterator row) {
    return Bytes.of(row.keyBuffer(), 0, row.keyLength());
  }

  private static TableVisitor.Row row(DataBlockIterator row) {
    byte kind = InternalKey.kind(row.trailer());
    int header = kind == ValueKind.PUT_EXPIRING ? ExpiringValue.HEADER_BYTES : 0;
    return new TableVisitor.Row(
        key(row),
        InternalKey.sequence(row.trailer()),
        ValueKind.nameOf(kind),
        Bytes.of(
            ByteArrays.copyOf(
                row.valueSegment(), row.valueOffset() + header, row.valueLength() - header)),
        header == 0 ? -1 : ExpiringValue.expiresAt(row.valueSegment(), row.valueOffset()));
  }

  @Override
  public void close() {
    table.release();
  }
}
