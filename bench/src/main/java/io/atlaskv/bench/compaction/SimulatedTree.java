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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One tree without bytes: its tables are sorted keys, and what the real planner picks is played on
/// them. Merges leave out what newer entries replace, what is due, and tombstones with nothing
/// below.
final class SimulatedTree {
  private final CompactionStyle style;
  private final CompactionOptions options;
  private final Map<Long, Run> runs = new HashMap<>();
  private Levels levels = Levels.EMPTY;
  private long nextNumber = 1;
  private long sequence;
  private long nowMillis;
  private long flushedBytes;
  private long mergedBytes;

  /// Newest version of a key, in a memtable or a table.
  ///
  /// @param order larger for what was written later
  /// @param bytes in a table
  record Entry(long order, long bytes, boolean isDeletion, long expiresAtMillis) {
    boolean isDue(long nowMillis) {
      return expiresAtMillis <= nowMillis;
    }
  }

  /// Keys of a table, ascending, and their entries.
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record Run(int[] keys, List<Entry> entries) {
    static Run of(Collection<Integer> keys, Collection<Entry> entries) {
      return new Run(keys.stream().mapToInt(Integer::intValue).toArray(), List.copyOf(entries));
    }

    long bytes() {
      return entries.stream().mapToLong(Entry::bytes).sum();
    }
  }

  SimulatedTree(CompactionStyle style, CompactionOptions options) {
    this.style = style;
    this.options = options;
  }

  /// Writes a memtable to a table, then merges until nothing is left to do.
  void flush(SortedMap<Integer, Entry> memtable, long millis) {
    nowMillis = millis;
    sequence++;
    TableMeta table =
        table(Run.of(memtable.keySet(), memtable.values()), sequence, TableTimes.at(millis));
    flushedBytes += table.bytes();
    levels = levels.apply(VersionEdit.builder().add(0, table).build());
    settle(millis);
  }

  /// Merges until nothing is left to do at this time.
  void settle(long millis) {
    nowMillis = millis;
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
    List<TableMeta> outputs =
        picked.kind() == Compaction.Kind.MERGE ? merge(picked) : List.of(); // as levels are now
    var edit = VersionEdit.builder();
    picked.inputs().forEach(table -> edit.remove(picked.level(), table.number()));
    picked.overlapped().forEach(table -> edit.remove(picked.outputLevel(), table.number()));
    switch (picked.kind()) {
      case MOVE -> picked.inputs().forEach(table -> edit.add(picked.outputLevel(), table));
      case DROP -> {}
      case MERGE -> outputs.forEach(table -> edit.add(picked.outputLevel(), table));
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
    var merged = new TreeMap<Integer, Entry>();
    picked.tables().forEach(table -> addTo(merged, table));
    var outputs = new Outputs(picked);
    merged.forEach(outputs::add);
    outputs.end();
    return outputs.tables;
  }

  /// What a merge writes.
  private final class Outputs {
    private final Compaction picked;
    private final List<TableMeta> older;
    private final long newest;
    private final long bytesMax;
    private final List<TableMeta> tables = new ArrayList<>();
    private final List<Integer> keys = new ArrayList<>(); // of the table underway
    private final List<Entry> entries = new ArrayList<>();
    private long bytes;

    Outputs(Compaction picked) {
      this.picked = picked;
      this.older = older(picked);
      this.newest =
          picked.tables().stream().mapToLong(TableMeta::largestSequence).max().orElseThrow();
      this.bytesMax = picked.outputLevel() == 0 ? Long.MAX_VALUE : options.tableBytes();
    }

    void add(int key, Entry entry) {
      Entry kept = entry;
      if (entry.isDeletion() || entry.isDue(nowMillis)) {
        if (older.stream().noneMatch(table -> mayHave(table, key(key)))) {
          return;
        }
        kept = new Entry(entry.order(), entry.bytes(), true, Operation.NEVER);
      }
      if (bytes >= bytesMax) {
        end();
      }
      keys.add(key);
      entries.add(kept);
      bytes += kept.bytes();
    }

    void end() {
      if (!keys.isEmpty()) {
        tables.add(table(Run.of(keys, entries), newest, TableTimes.spanning(picked.tables())));
        mergedBytes += bytes;
        keys.clear();
        entries.clear();
        bytes = 0;
      }
    }
  }

  /// Tables that may have older entries than the outcome of a merge.
  private List<TableMeta> older(Compaction picked) {
    var older = new ArrayList<TableMeta>();
    if (picked.outputLevel() == 0) {
      List<TableMeta> newestFirst = levels.level(0);
      int oldest = newestFirst.indexOf(picked.inputs().getLast());
      older.addAll(newestFirst.subList(oldest + 1, newestFirst.size()));
    }
    for (int level = picked.outputLevel() + 1; level < Levels.COUNT; level++) {
      older.addAll(levels.overlapping(level, picked.range()));
    }
    return older;
  }

  private void addTo(Map<Integer, Entry> newest, TableMeta table) {
    Run run = run(table);
    for (int i = 0; i < run.keys().length; i++) {
      newest.merge(run.keys()[i], run.entries().get(i), (a, b) -> a.order() > b.order() ? a : b);
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
    long[] expiries =
        run.entries().stream()
            .mapToLong(Entry::expiresAtMillis)
            .filter(at -> at != Operation.NEVER)
            .sorted()
            .toArray();
    TableTimes all =
        expiries.length == 0
            ? times
            : times.withExpiry(expiries.length, expiries[0], expiries[expiries.length - 1]);
    return new TableMeta(
        number,
        run.bytes(),
        key(run.keys()[0]),
        key(run.keys()[run.keys().length - 1]),
        false,
        0,
        largestSequence,
        run.keys().length,
        run.entries().stream().filter(Entry::isDeletion).count(),
        0,
        0,
        all);
  }

  private static Bytes key(int number) {
    return Bytes.of(ByteBuffer.allocate(Integer.BYTES).putInt(number).array());
  }

  long flushedBytes() {
    return flushedBytes;
  }

  long mergedBytes() {
    return mergedBytes;
  }

  /// Bytes written to tables for each byte flushed.
  double writeAmplification() {
    return (double) (flushedBytes + mergedBytes) / flushedBytes;
  }

  /// Bytes of all tables for each byte that is live; 1 if nothing is.
  double spaceAmplification() {
    var newest = new TreeMap<Integer, Entry>();
    long all = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        addTo(newest, table);
        all += table.bytes();
      }
    }
    long live =
        newest.values().stream()
            .filter(entry -> !entry.isDeletion() && !entry.isDue(nowMillis))
            .mapToLong(Entry::bytes)
            .sum();
    return live == 0 ? 1 : (double) all / live;
  }

  /// Tables that may have a key and are asked for it, if none of them has it.
  int tablesAsked(int key) {
    Bytes wanted = key(key);
    int asked = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        asked += mayHave(table, wanted) ? 1 : 0;
      }
    }
    return asked;
  }

  private static boolean mayHave(TableMeta table, Bytes key) {
    return table.smallest().compareTo(key) <= 0 && !table.endsBefore(key);
  }
}
