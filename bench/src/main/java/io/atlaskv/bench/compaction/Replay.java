package io.atlaskv.bench.compaction;

import io.atlaskv.bench.compaction.SimulatedTree.Entry;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/// Plays a [Recording] on one tree: writes go to a memtable, a full one is flushed, and what the
/// planner then wants is done at once, as if merges took no time.
///
/// A range delete counts as a tombstone for each live key in it. Reads are those recorded, as far
/// as the memtable does not answer them; without any, keys that were written are drawn.
final class Replay {
  /// What a table has for each entry beside key and value: namespace, sequence, lengths, index.
  static final int ENTRY_BYTES = 16;

  private static final int READS = 500;
  private static final long LOOK_MILLIS = 5_000; // how often a store looks whether time made work

  private final Recording recording;
  private final Limits limits;
  private final StyleSpec style;
  private final SimulatedTree tree;
  private final boolean hasReads;
  private final Random random = new Random(42);
  private final TreeMap<Integer, Entry> memtable = new TreeMap<>();
  private final TreeMap<Integer, Integer> live = new TreeMap<>(); // bytes of the key, by key
  private final List<Integer> written = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();
  private long order;
  private long memtableBytes;
  private int memtableVersions;
  private int flushes;
  private long readsAsked;
  private long reads;
  private long nextLookMillis;

  /// When a memtable is full, and how large tables are.
  ///
  /// @param entriesMax versions in a memtable, 0 for any number
  record Limits(long memtableBytes, int entriesMax, long tableBytes) {
    Limits {
      if (memtableBytes < 1 || entriesMax < 0 || tableBytes < 1) {
        throw new IllegalArgumentException(
            "memtableBytes="
                + memtableBytes
                + " entriesMax="
                + entriesMax
                + " tableBytes="
                + tableBytes);
      }
    }

    /// As the engine derives them (`Opening`).
    CompactionOptions options() {
      return new CompactionOptions(4, 4 * tableBytes, 10, tableBytes, 32 * tableBytes, 10, 30, 1);
    }
  }

  /// Amplifications after a flush.
  ///
  /// @param write bytes written to tables for each byte flushed, from the beginning on
  /// @param space bytes of tables for each live byte, now
  /// @param read tables asked by a read since the sample before
  record Sample(long atMillis, double write, double space, double read) {}

  /// What came out.
  record Outcome(
      StyleSpec style, List<Sample> samples, int flushes, long flushedBytes, long mergedBytes) {
    double write() {
      return (double) (flushedBytes + mergedBytes) / flushedBytes;
    }

    /// Mean over the second half.
    double space() {
      return secondHalf().stream().mapToDouble(Sample::space).average().orElse(1);
    }

    /// Mean over the second half.
    double read() {
      return secondHalf().stream().mapToDouble(Sample::read).average().orElse(0);
    }

    private List<Sample> secondHalf() {
      return samples.subList(samples.size() / 2, samples.size());
    }
  }

  private Replay(Recording recording, Limits limits, StyleSpec style) {
    this.recording = recording;
    this.limits = limits;
    this.style = style;
    this.tree = new SimulatedTree(style.style(), limits.options());
    this.hasReads = recording.operations().stream().anyMatch(operation -> !operation.isWrite());
  }

  /// @throws IllegalArgumentException if the recording has too little for a memtable
  static Outcome of(Recording recording, Limits limits, StyleSpec style) {
    return new Replay(recording, limits, style).run();
  }

  private Outcome run() {
    for (Operation operation : recording.operations()) {
      if (operation.atMillis() >= nextLookMillis) {
        tree.settle(operation.atMillis());
        nextLookMillis = operation.atMillis() + LOOK_MILLIS;
      }
      play(operation);
    }
    if (flushes == 0) {
      throw new IllegalArgumentException(
          "the recording fills no memtable of " + limits.memtableBytes() + " bytes");
    }
    return new Outcome(style, samples, flushes, tree.flushedBytes(), tree.mergedBytes());
  }

  private void play(Operation operation) {
    int key = operation.key();
    switch (operation.kind()) {
      case PUT -> {
        live.put(key, operation.keyBytes());
        if (!hasReads) {
          written.add(key);
        }
        long bytes = (long) operation.keyBytes() + operation.valueBytes() + ENTRY_BYTES;
        write(key, bytes, false, operation.expiresAtMillis());
      }
      case DELETE -> delete(key, operation.keyBytes());
      case DELETE_RANGE -> {
        var covered = new TreeMap<>(live.subMap(key, operation.end()));
        covered.forEach(this::delete);
      }
      case GET, SEEK -> {
        reads++;
        readsAsked += memtable.containsKey(key) ? 0 : tree.tablesAsked(key);
      }
    }
    if (memtableBytes >= limits.memtableBytes()
        || (limits.entriesMax() > 0 && memtableVersions >= limits.entriesMax())) {
      flush(operation.atMillis());
    }
  }

  private void delete(int key, int keyBytes) {
    live.remove(key);
    write(key, (long) keyBytes + ENTRY_BYTES, true, Operation.NEVER);
  }

  private void write(int key, long bytes, boolean isDeletion, long expiresAtMillis) {
    Entry before = memtable.put(key, new Entry(order++, bytes, isDeletion, expiresAtMillis));
    memtableBytes += bytes - (before == null ? 0 : before.bytes());
    memtableVersions += before == null ? 1 : 0;
  }

  private void flush(long atMillis) {
    tree.flush(memtable, atMillis);
    memtable.clear();
    memtableBytes = 0;
    memtableVersions = 0;
    flushes++;
    if (!hasReads) {
      for (int i = 0; i < READS && !written.isEmpty(); i++) {
        reads++;
        readsAsked += tree.tablesAsked(written.get(random.nextInt(written.size())));
      }
    }
    samples.add(
        new Sample(
            atMillis,
            tree.writeAmplification(),
            tree.spaceAmplification(),
            reads == 0 ? 0 : (double) readsAsked / reads));
    reads = 0;
    readsAsked = 0;
  }
}
