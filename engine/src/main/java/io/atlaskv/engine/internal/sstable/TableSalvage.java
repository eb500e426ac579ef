package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what can be read of a damaged table: all data blocks that verify, and of others, where the
/// index says where they are, the rows that have a checksum of their own and verify by it. Where
/// they are says the index; if that cannot be read, the places are found where checksums match, so
/// that a table without its end, or with its end alone damaged, loses nothing but that.
///
/// Holds the whole table in memory: one at a time.
public final class TableSalvage {
  private static final int READ_BYTES = 64 << 10;

  /// Takes the rows, in internal order.
  @FunctionalInterface
  public interface RowSink {
    /// One row; the value is valid during the call.
    void row(byte[] key, int length, long trailer, MemorySegment value, long offset, int bytes);
  }

  /// A stretch of the file in which no row could be read.
  ///
  /// @param after last key before it; null if there is none
  /// @param before first key behind it; null if there is none
  public record Gap(
      long offset, long bytes, String detail, @Nullable Bytes after, @Nullable Bytes before) {}

  /// What was read.
  ///
  /// @param entries rows
  /// @param entriesTold rows that the table says it has; −1 if that cannot be read
  /// @param tombstones range tombstones
  /// @param hasTombstones whether it is known that these are all
  public record Salvaged(
      long entries,
      long entriesTold,
      List<RangeTombstone> tombstones,
      boolean hasTombstones,
      List<Gap> gaps) {}

  private final String name;
  private final long number;
  private final MemorySegment file;
  private final RowSink sink;
  private final SalvagedBlock block;
  private final List<Gap> gaps = new ArrayList<>();
  private final @Nullable TableFooter footer;
  private byte @Nullable [] lastKey;
  private long lastTrailer;
  private long gapFrom = -1;
  private long entries;
  private List<RangeTombstone> tombstones = List.of();
  private boolean hasTombstones;

  private TableSalvage(String name, long number, MemorySegment file, RowSink sink) {
    this.name = name;
    this.number = number;
    this.file = file;
    this.sink = sink;
    block = new SalvagedBlock(name, number, file);
    footer = readFooter();
  }

  /// Reads table `number`, whatever state it is in.
  public static Salvaged read(FileSystem files, long number, RowSink sink) {
    String name = FileName.table(number);
    try (var arena = Arena.ofConfined();
        var file = files.openRead(name)) {
      return new TableSalvage(name, number, content(file, arena), sink).run();
    }
  }

  /// What the device cannot read stays zero, and so does not verify.
  private static MemorySegment content(ReadFile file, Arena arena) {
    MemorySegment content = arena.allocate(file.size(), Long.BYTES);
    for (long at = 0; at < content.byteSize(); at += READ_BYTES) {
      long bytes = Math.min(READ_BYTES, content.byteSize() - at);
      MemorySegment piece = content.asSlice(at, bytes);
      try {
        file.read(at, piece.asByteBuffer());
      } catch (StorageException _) {
        piece.fill((byte) 0);
      }
    }
    return content;
  }

  private @Nullable TableFooter readFooter() {
    long at = file.byteSize() - TableFooter.BYTES;
    if (at < FileHeader.BYTES) {
      return null;
    }
    try {
      return TableFooter.decode(name, file, at, number, at);
    } catch (CorruptionException _) {
      return null;
    }
  }

  private Salvaged run() {
    readTombstones();
    try (var arena = Arena.ofConfined()) {
      TableIndex index = index(arena);
      if (index != null) {
        for (int i = 0; i < index.blocks(); i++) {
          take(index.blockOffset(i), index.blockEnd(i));
        }
      } else {
        scan(footer == null ? file.byteSize() : footer.metadataStart());
      }
    }
    return new Salvaged(entries, entriesTold(), tombstones, hasTombstones, List.copyOf(gaps));
  }

  private void readTombstones() {
    if (footer == null) {
      return;
    }
    BlockHandle handle = footer.rangeTombstones();
    if (!handle.exists()) {
      hasTombstones = true;
    } else if (block.isIntact(handle.offset(), handle.end())) {
      tombstones = decodeTombstones(handle.offset(), handle.end());
      hasTombstones = true;
    }
  }

  private List<RangeTombstone> decodeTombstones(long from, long to) {
    int bytes = (int) (to - from) - BlockTrailer.BYTES;
    return RangeTombstoneBlock.list(RangeTombstoneBlock.decode(name, from, file, from, bytes));
  }

  private @Nullable TableIndex index(Arena arena) {
    if (footer == null) {
      return null;
    }
    BlockHandle handle = footer.index();
    if (!block.isIntact(handle.offset(), handle.end())) {
      return null;
    }
    int bytes = handle.storedBytes() - BlockTrailer.BYTES;
    try {
      return TableIndex.of(name, handle.offset(), file, handle.offset(), bytes, arena);
    } catch (CorruptionException _) {
      return null;
    }
  }

  private long entriesTold() {
    BlockHandle handle = footer == null ? BlockHandle.NONE : footer.properties();
    if (!handle.exists() || !block.isIntact(handle.offset(), handle.end())) {
      return -1;
    }
    int bytes = handle.storedBytes() - BlockTrailer.BYTES;
    return TableProperties.decode(
            name, number, file.byteSize(), handle.offset(), file, handle.offset(), bytes)
        .entries();
  }

  /// Finds blocks by their checksums, up to the first that is no data block.
  private void scan(long limit) {
    long at = FileHeader.BYTES;
    boolean isFollowing = true;
    while (at < limit) {
      long end = block.findEnd(at, limit, isFollowing);
      if (end < 0) {
        noteGap(at);
        isFollowing = false;
        at++;
        continue;
      }
      if (!take(at, end) && footer == null) { // the parts behind the data begin
        takeTombstones(at, end);
        break;
      }
      isFollowing = true;
      at = end;
    }
    endGap(limit, "no block begins here that has its checksum", null);
  }

  private void takeTombstones(long from, long to) {
    gapFrom = -1;
    try {
      tombstones = decodeTombstones(from, to);
      hasTombstones = true;
    } catch (CorruptionException _) {
      hasTombstones = gaps.isEmpty() || gaps.getLast().offset() < from; // another part begins
    }
  }

  private void noteGap(long at) {
    if (gapFrom < 0) {
      gapFrom = at;
    }
  }

  /// Hands on the rows of a block; false, and nothing is done, if it is no data block.
  private boolean take(long from, long to) {
    try (var arena = Arena.ofConfined()) {
      if (from < 0 || to > file.byteSize() || !block.isIntact(from, to)) {
        takeIntactRows(from, to, "expected another checksum of the block here");
        return false;
      }
      block.read(from, to, arena);
      requireBehindLast(from);
      DataBlockIterator rows = block.rows();
      rows.seekToFirst();
      endGap(
          from,
          "no block begins here that has its checksum",
          Bytes.of(rows.keyBuffer(), 0, rows.keyLength()));
      giveOn(rows);
      return true;
    } catch (CorruptionException e) {
      if (footer != null) {
        takeIntactRows(from, to, String.valueOf(e.getMessage()));
      }
      return false;
    }
  }

  private void requireBehindLast(long at) {
    DataBlockIterator rows = block.rows();
    rows.seekToFirst();
    if (!isBehindLast(rows)) {
      throw new CorruptionException(name, at, "rows are not in order");
    }
  }

  private boolean isBehindLast(DataBlockIterator rows) {
    byte[] last = lastKey;
    if (last == null) {
      return true;
    }
    int order = KeyBytes.compare(last, 0, last.length, rows.keyBuffer(), 0, rows.keyLength());
    return order < 0 || (order == 0 && Long.compareUnsigned(lastTrailer, rows.trailer()) > 0);
  }

  private void giveOn(DataBlockIterator rows) {
    for (; rows.isValid(); rows.next()) {
      give(rows);
    }
  }

  private void give(DataBlockIterator row) {
    byte[] key = Bytes.of(row.keyBuffer(), 0, row.keyLength()).toArray();
    sink.row(
        key, key.length, row.trailer(), row.valueSegment(), row.valueOffset(), row.valueLength());
    lastKey = key;
    lastTrailer = row.trailer();
    entries++;
  }

  /// A damaged block is a gap; but those of its rows that have their own sum are handed on.
  private void takeIntactRows(long from, long to, String detail) {
    noteGap(from);
    endGap(to, detail, null);
    if (from < 0 || to > file.byteSize()) {
      return;
    }
    try (var arena = Arena.ofConfined()) {
      DataBlockIterator rows = block.readDamaged(from, to, arena);
      if (rows != null) {
        long entriesBefore = entries;
        giveIntactOn(rows);
        Gap gap = gaps.getLast();
        String taken =
            gap.detail()
                + "; "
                + (entries - entriesBefore)
                + " of "
                + rows.count()
                + " rows have their own checksum and were taken";
        gaps.set(
            gaps.size() - 1, new Gap(gap.offset(), gap.bytes(), taken, gap.after(), gap.before()));
      }
    } catch (CorruptionException _) {
      // no block any more: nothing of it can be told apart
    }
  }

  private void giveIntactOn(DataBlockIterator rows) {
    int next = 0;
    while (next < rows.count()) {
      try {
        rows.seekToRestartFrom(next);
        while (rows.isValid()) {
          next = rows.ordinal() + 1;
          if (rows.isIntact() && isBehindLast(rows)) {
            give(rows);
          }
          rows.next();
        }
        return;
      } catch (CorruptionException _) {
        next++; // the row cannot even be parsed: on to the next restart point
      }
    }
  }

  /// Ends the gap that is open, if one is. One that ends where the next begins is one with it.
  private void endGap(long to, String detail, @Nullable Bytes before) {
    long from = gapFrom;
    gapFrom = -1;
    int last = gaps.size() - 1;
    if (last >= 0 && before != null && gaps.get(last).before() == null) {
      Gap open = gaps.get(last);
      gaps.set(last, new Gap(open.offset(), open.bytes(), open.detail(), open.after(), before));
    }
    if (from < 0) {
      return;
    }
    byte[] key = lastKey;
    Bytes after = key == null ? null : Bytes.of(key);
    if (last >= 0 && gaps.get(last).offset() + gaps.get(last).bytes() == from) {
      Gap open = gaps.get(last);
      gaps.set(last, new Gap(open.offset(), to - open.offset(), open.detail(), after, before));
    } else {
      gaps.add(new Gap(from, to - from, detail, after, before));
    }
  }
}
