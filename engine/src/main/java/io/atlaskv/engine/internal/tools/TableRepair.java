package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.compaction.OutputOptions;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.manifest.ManifestVerifier;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableInspector;
import io.atlaskv.engine.internal.sstable.TableProperties;
import io.atlaskv.engine.internal.sstable.TableSalvage;
import io.atlaskv.engine.internal.sstable.TableSalvage.Gap;
import io.atlaskv.engine.internal.sstable.TableSalvage.Salvaged;
import io.atlaskv.engine.internal.sstable.TableVerifier;
import io.atlaskv.engine.internal.sstable.TableWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Looks at one table after the other; writes what can be read of a damaged one to a new table.
final class TableRepair {
  /// What there is of a table afterwards.
  ///
  /// @param table the table, or the one in its place; null if nothing of it could be read
  /// @param isKept whether it is as it was
  /// @param entriesLost rows known to be lost; `Loss.UNKNOWN` if nobody can say
  record Outcome(@Nullable TableMeta table, boolean isKept, long entriesLost) {}

  private final OutputOptions outputs;
  private final BlockCache cache;
  private final LossLog losses;

  TableRepair(OutputOptions outputs, BlockCache cache, LossLog losses) {
    this.outputs = outputs;
    this.cache = cache;
    this.losses = losses;
  }

  /// A table that the manifest names.
  Outcome named(StoreState state, int level, TableMeta told) {
    String name = FileName.table(told.number());
    if (!outputs.files().exists(name)) {
      return lost(name, "does not exist", told);
    }
    FileHeader header = header(told.number());
    if (header != null && !isOwn(header, told.number())) {
      return lost(name, "is table " + header.fileNumber() + " of " + header.storeUuid(), told);
    }
    var findings = new ArrayList<Finding>();
    TableProperties properties = verify(told.number(), findings);
    if (properties != null) {
      ManifestVerifier.compare(state, told, properties, findings::add);
    }
    return findings.isEmpty()
        ? new Outcome(told, true, 0)
        : salvage(told.number(), level, told, findings.getFirst());
  }

  /// A table of which only the file is there; null if it is another store's.
  @Nullable Outcome found(long number, int level) {
    FileHeader header = header(number);
    if (header != null && !isOwn(header, number)) {
      return null;
    }
    var findings = new ArrayList<Finding>();
    TableProperties properties = verify(number, findings);
    return properties != null && findings.isEmpty()
        ? new Outcome(TableMeta.of(properties, 0), true, 0)
        : salvage(number, level, null, findings.getFirst());
  }

  /// The header; null if it is damaged.
  private @Nullable FileHeader header(long number) {
    try {
      return TableInspector.header(outputs.files(), number);
    } catch (CorruptionException _) {
      return null;
    }
  }

  private boolean isOwn(FileHeader header, long number) {
    UUID own = outputs.storeUuid();
    return header.storeUuid().equals(own) && header.fileNumber() == number;
  }

  private @Nullable TableProperties verify(long number, List<Finding> findings) {
    return TableVerifier.verify(
        outputs.files(), number, outputs.storeUuid(), cache, findings::add, read -> {});
  }

  private Outcome lost(String name, String detail, TableMeta told) {
    losses.add(
        new Loss(name, 0, told.bytes(), detail, told.smallest(), told.largest(), told.entries()));
    return new Outcome(null, false, told.entries());
  }

  private Outcome salvage(long number, int level, @Nullable TableMeta told, Finding first) {
    long shadowed;
    Salvaged found;
    TableMeta table = null;
    try (var writer =
        new TableWriter(
            outputs.files(),
            outputs.numbers().getAsLong(),
            outputs.storeUuid(),
            outputs.tables().apply(level),
            FreshBlocks.UNCACHED,
            PointIndexes.NONE,
            outputs.clock().currentTimeMillis())) {
      var rows = new Rows(writer);
      found = TableSalvage.read(outputs.files(), number, rows);
      found.tombstones().forEach(writer::addRangeTombstone);
      shadowed = rows.shadowed;
      if (!writer.isEmpty()) {
        TableProperties properties = writer.finish();
        table = TableMeta.of(properties, shadowed);
        if (told != null && told.isNumbered(properties)) {
          table = table.withSequence(told.largestSequence());
        }
      }
    }
    long expected = told == null ? found.entriesTold() : told.entries();
    long lost = expected < 0 ? Loss.UNKNOWN : Math.max(0, expected - found.entries());
    tell(FileName.table(number), found, lost, told, first);
    return new Outcome(table, false, lost);
  }

  private void tell(
      String name, Salvaged found, long lost, @Nullable TableMeta told, Finding first) {
    if (found.gaps().isEmpty()) {
      losses.add(Loss.of(name, first.offset(), 0, first.detail(), lost));
    }
    for (Gap gap : found.gaps()) {
      losses.add(
          new Loss(
              name,
              gap.offset(),
              gap.bytes(),
              gap.detail(),
              gap.after(),
              gap.before(),
              found.gaps().size() == 1 ? lost : Loss.UNKNOWN));
    }
    boolean hadTombstones = told == null || told.rangeDeletions() > 0;
    if (!found.hasTombstones() && hadTombstones) {
      losses.add(
          Loss.of(
              name,
              first.offset(),
              0,
              "range tombstones: what they have deleted may be back",
              told == null ? Loss.UNKNOWN : told.rangeDeletions()));
    }
  }

  /// Writes rows on, and counts those with a newer version before them.
  private static final class Rows implements TableSalvage.RowSink {
    private final TableWriter writer;
    private @Nullable Bytes last;
    private long shadowed;

    Rows(TableWriter writer) {
      this.writer = writer;
    }

    @Override
    public void row(
        byte[] key, int length, long trailer, MemorySegment value, long offset, int bytes) {
      Bytes before = last;
      if (before != null
          && before.length() == length
          && KeyBytes.equal(before.toArray(), 0, key, 0, length)) {
        shadowed++;
      }
      last = Bytes.of(key, 0, length);
      writer.add(key, length, trailer, value, offset, bytes);
    }
  }
}
