package io.atlaskv.bench.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.compaction.Compaction;
import io.atlaskv.engine.internal.compaction.CompactionLoad;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.Snapshots;
import io.atlaskv.engine.internal.compaction.TreePicker;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One tree without bytes: its tables are sorted keys, and what the real planner picks is played on
/// them. Entries have one size; those that are due are left out by merges.
final class SimulatedTree {
  private final CompactionStyle style;
  private final CompactionOptions options;
  private final long entryBytes;
  private final long lifeMillis; // 0: entries do not expire
  private final Map<Long, Run> runs = new HashMap<>();
  private Levels levels = Levels.EMPTY;
  private long nextNumber = 1;
  private long sequence;
  private long nowMillis = 1_000_000_000;
  private long flushedBytes;
  private long mergedBytes;

  /// Keys of a table, ascending, and when each was written.
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Run(int[] keys, long[] writtenMillis) {}

  SimulatedTree(
      CompactionStyle style, CompactionOptions options, long entryBytes, long lifeMillis) {
    this.style = style;
    this.options = options;
    this.entryBytes = entryBytes;
    this.lifeMillis = lifeMillis;
  }

  /// Writes a memtable with these keys to a table, then merges until nothing is left to do.
  void flush(Set<Integer> keys, long passedMillis) {
    nowMillis += passedMillis;
    int[] sorted = keys.stream().mapToInt(Integer::intValue).sorted().toArray();
    long[] times = new long[sorted.length];
    Arrays.fill(times, nowMillis);
    sequence++;
    TableMeta table = table(new Run(sorted, times), sequence, TableTimes.at(nowMillis));
    flushedBytes += table.bytes();
    levels = levels.apply(VersionEdit.builder().add(0, table).build());
    for (Compaction picked = pick(); picked != null; picked = pick()) {
      play(picked);
    }
  }

  private @Nullable Compaction pick() {
    var load =
        new CompactionLoad(
            Set.of(), Snapshots.NONE, false, false, false, nowMillis, _ -> RangeTombstones.EMPTY);
    return TreePicker.pick(style, levels, options, load);
  }

  private void play(Compaction picked) {
    var edit = VersionEdit.builder();
    picked.inputs().forEach(table -> edit.remove(picked.level(), table.number()));
    picked.overlapped().forEach(table -> edit.remove(picked.outputLevel(), table.number()));
    switch (picked.kind()) {
      case MOVE -> picked.inputs().forEach(table -> edit.add(picked.outputLevel(), table));
      case DROP -> {}
      case MERGE -> merge(picked).forEach(table -> edit.add(picked.outputLevel(), table));
    }
    if (picked.level() > 0 && picked.level() < picked.outputLevel()) {
      edit.cursor(picked.level(), picked.inputs().getLast().largest());
    }
    levels = levels.apply(edit.build());
    if (picked.kind() != Compaction.Kind.MOVE) {
      picked.tables().forEach(table -> runs.remove(table.number()));
    }
  }

  private List<TableMeta> merge(Compaction picked) {
    var entries = new TreeMap<Integer, Long>();
    for (TableMeta table : picked.overlapped()) {
      addTo(entries, table);
    }
    for (TableMeta table : picked.inputs().reversed()) { // the oldest first
      addTo(entries, table);
    }
    if (lifeMillis > 0) {
      entries.values().removeIf(written -> written + lifeMillis <= nowMillis);
    }
    long newest =
        picked.tables().stream().mapToLong(TableMeta::largestSequence).max().orElseThrow();
    int perTable =
        picked.outputLevel() == 0
            ? Integer.MAX_VALUE
            : (int) Math.max(1, options.tableBytes() / entryBytes);
    var keys = entries.keySet().stream().mapToInt(Integer::intValue).toArray();
    var times = entries.values().stream().mapToLong(Long::longValue).toArray();
    var tables = new ArrayList<TableMeta>();
    for (int from = 0; from < keys.length; ) {
      int to = (int) Math.min(keys.length, (long) from + perTable);
      var part = new Run(Arrays.copyOfRange(keys, from, to), Arrays.copyOfRange(times, from, to));
      tables.add(table(part, newest, TableTimes.spanning(picked.tables())));
      from = to;
    }
    mergedBytes += keys.length * entryBytes;
    return tables;
  }

  private void addTo(Map<Integer, Long> entries, TableMeta table) {
    Run run = run(table);
    for (int i = 0; i < run.keys().length; i++) {
      entries.put(run.keys()[i], run.writtenMillis()[i]);
    }
  }

  private Run run(TableMeta table) {
    Run run = runs.get(table.number());
    if (run == null) {
      throw new IllegalStateException("no table " + table.number());
    }
    return run;
  }

  private TableMeta table(Run run, long largestSequence, TableTimes times) {
    long number = nextNumber++;
    runs.put(number, run);
    int count = run.keys().length;
    TableTimes all = times;
    if (lifeMillis > 0) {
      long first = Arrays.stream(run.writtenMillis()).min().orElseThrow();
      long last = Arrays.stream(run.writtenMillis()).max().orElseThrow();
      all = times.withExpiry(count, first + lifeMillis, last + lifeMillis);
    }
    return new TableMeta(
        number,
        count * entryBytes,
        key(run.keys()[0]),
        key(run.keys()[count - 1]),
        false,
        0,
        largestSequence,
        count,
        0,
        0,
        0,
        all);
  }

  private static Bytes key(int number) {
    return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  /// Bytes written to tables for each byte flushed.
  double writeAmplification() {
    return (double) (flushedBytes + mergedBytes) / flushedBytes;
  }

  /// Bytes of all tables for each byte that is live.
  double spaceAmplification() {
    var live = new TreeMap<Integer, Long>();
    long entries = 0;
    for (Run run : runs.values()) {
      entries += run.keys().length;
      for (int i = 0; i < run.keys().length; i++) {
        live.merge(run.keys()[i], run.writtenMillis()[i], Math::max);
      }
    }
    if (lifeMillis > 0) {
      live.values().removeIf(written -> written + lifeMillis <= nowMillis);
    }
    return (double) entries / live.size();
  }

  /// Tables that may have a key and are asked for it, if none of them has it.
  int tablesAsked(int key) {
    Bytes wanted = key(key);
    int asked = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        if (table.smallest().compareTo(wanted) <= 0 && !table.endsBefore(wanted)) {
          asked++;
        }
      }
    }
    return asked;
  }
}
