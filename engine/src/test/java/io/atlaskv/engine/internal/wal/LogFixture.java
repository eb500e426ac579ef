package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;

/// A log under test and what stands around it in a store: the manifest's knowledge, the sequence
/// counter, and everything that was ever appended, in readable form: `7` for the PUT of sequence 7,
/// `+3` for the third counter.
///
/// Key and value of the PUT of sequence `n` follow from `n`, so any recovered one can be checked.
final class LogFixture {
  static final UUID STORE = new UUID(0x1122334455667788L, 0x99aabbccddeeff00L);

  /// Small enough that a few batches fill a segment.
  static final WalOptions SMALL =
      new WalOptions(4096, 4096, 16 << 10, 1024, 256, 1_000_000, 1_000_000);

  /// Small enough that recovery wants its memory back while it reads a segment.
  private static final int WINDOW_BYTES = 700;

  private static final int BUSY_BYTES = 2000;

  /// What was known after so many operations of the file system.
  ///
  /// @param flushed how much of what was appended is in tables
  /// @param safe how much of what was appended had been told to be safe
  record Known(
      int operations,
      long fromSegment,
      long flushedThrough,
      List<LogBoundary> boundaries,
      int flushed,
      int safe) {}

  final SimPorts world;
  final FaultFileSystem files;
  final WalOptions options;
  final List<Known> journal = new ArrayList<>();
  final List<String> appended;
  private final BatchBuilder builder = new BatchBuilder();
  long fromSegment = 1;
  long flushedThrough;
  long historyFrom = 1;
  List<LogBoundary> boundaries = new ArrayList<>();
  long nextSequence = 1;
  private ReplayWindows.Sizes windows = new ReplayWindows.Sizes(WINDOW_BYTES, BUSY_BYTES);
  private int flushed;
  private int safe;
  private int counters;
  private Wal wal;

  private LogFixture(SimPorts world, WalOptions options, List<String> appended) {
    this.world = world;
    this.options = options;
    this.appended = new ArrayList<>(appended);
    files = world.files();
  }

  /// A new store with a new log.
  static LogFixture create(long seed, WalOptions options) {
    return create(seed, options, files -> {});
  }

  /// As above, on a file system that `bug` has prepared.
  static LogFixture create(long seed, WalOptions options, Consumer<FaultFileSystem> bug) {
    var fixture = new LogFixture(SimPorts.create(seed), options, List.of());
    bug.accept(fixture.files);
    fixture.note();
    fixture.begin(WalRecovery.none(fixture.files));
    return fixture;
  }

  /// The same store on what a crash left when `known` was known, not yet recovered.
  LogFixture after(FaultFileSystem left, long seed, Known known) {
    var fixture = new LogFixture(SimPorts.on(left, seed), options, appended);
    fixture.fromSegment = known.fromSegment();
    fixture.flushedThrough = known.flushedThrough();
    fixture.boundaries = new ArrayList<>(known.boundaries());
    fixture.flushed = known.flushed();
    fixture.safe = known.safe();
    fixture.counters = counters;
    fixture.note();
    return fixture;
  }

  /// What was known when operation `index` of the file system had just been done.
  Known knownAt(int index) {
    Known last = journal.getFirst();
    for (Known known : journal) {
      if (known.operations() <= index + 1) {
        last = known;
      }
    }
    return last;
  }

  /// What is known now.
  Known known() {
    return new Known(
        files.operationCount(),
        fromSegment,
        flushedThrough,
        List.copyOf(boundaries),
        flushed,
        safe);
  }

  private void note() {
    journal.add(known());
  }

  /// Recovers, checks, and begins the next life.
  RecoveredLog recover(RecoveryMode mode) {
    RecoveredLog recovered = check(mode);
    begin(recovered);
    return recovered;
  }

  /// Recovers without beginning a life; fails unless the history is one that promises allow: a
  /// contiguous part of what was appended, from what is flushed, through what was safe.
  RecoveredLog check(RecoveryMode mode) {
    var history = new ArrayList<String>();
    RecoveredLog recovered = read(mode, history);
    int end = historyEnd(history);
    assertTrue(end >= safe, () -> "lost: " + appended.subList(Math.max(0, end), safe) + origin());
    appended.subList(end, appended.size()).clear();
    return recovered;
  }

  /// End of a history in what was appended.
  int historyEnd(List<String> history) {
    String origin = origin();
    if (history.isEmpty()) {
      return flushed;
    }
    int start = appended.indexOf(history.getFirst());
    assertTrue(start >= 0, () -> history.getFirst() + " was never appended" + origin);
    assertTrue(
        start <= flushed, () -> "hole between " + flushedThrough + " and " + history + origin);
    int end = start + history.size();
    assertTrue(end <= appended.size(), () -> "more than was appended: " + history + origin);
    assertEquals(appended.subList(start, end), history, origin);
    return end;
  }

  private String origin() {
    return " (" + files.origin() + ")";
  }

  /// Recovers without beginning a life.
  RecoveredLog read(RecoveryMode mode, List<String> history) {
    return read(SimPorts.on(files, 0), mode, history); // a process of its own
  }

  private RecoveredLog read(SimPorts on, RecoveryMode mode, List<String> history) {
    var request = new RecoveryRequest(STORE, fromSegment, flushedThrough, boundaries, mode);
    return WalRecovery.recover(
        on.ports(),
        request,
        (sequence, timeMillis, bytes, offset, length) ->
            describe(sequence, bytes, offset, length, history),
        windows);
  }

  private void begin(RecoveredLog recovered) {
    wal = new Wal(world.ports(), options, STORE, recovered, () -> {});
    wal.beginHistory(historyFrom);
    boundaries.add(recovered.boundary());
    nextSequence = recovered.lastSequence() + 1;
    safe = appended.size();
    note();
  }

  /// Gives recoveries enough memory for the whole log.
  void roomForAll() {
    windows = new ReplayWindows.Sizes(WINDOW_BYTES, Integer.MAX_VALUE / 2);
  }

  Wal wal() {
    return wal;
  }

  /// Appends a batch of puts; lets the scheduler work if there is no room. False if the log has
  /// failed.
  boolean append(int operations, int valueBytes) {
    builder.clear();
    for (int i = 0; i < operations; i++) {
      put(builder, nextSequence + i, valueBytes);
    }
    if (!append(operations)) {
      return false;
    }
    for (int i = 0; i < operations; i++) {
      appended.add(Long.toString(nextSequence++));
    }
    note();
    return true;
  }

  /// Appends a batch that takes no sequence.
  boolean appendCounter() {
    builder.clear();
    builder.count(1, 2, counters + 1);
    if (!append(0)) {
      return false;
    }
    appended.add("+" + ++counters);
    note();
    return true;
  }

  private boolean append(int operations) {
    MemorySegment batch = builder.finish();
    if (!wal.hasRoom(builder.length())) {
      world.scheduler().runUntil(() -> wal.hasRoom(builder.length()) || wal.failure() != null);
    }
    if (wal.failure() != null) {
      return false;
    }
    wal.append(nextSequence, operations, batch, builder.length());
    return true;
  }

  /// Makes all that was appended safe, and knows it if it worked.
  boolean writeAndSync() {
    int count = appended.size();
    boolean isSafe = wal.write() && wal.sync();
    if (isSafe) {
      safe = count;
    }
    note();
    return isSafe;
  }

  /// Closes the log, and knows that all is safe; false if the log had failed before.
  boolean close() {
    wal.close();
    if (wal.failure() != null) {
      return false;
    }
    safe = appended.size();
    note();
    return true;
  }

  /// Does what follows a flush of all that was appended.
  void release() {
    if (!writeAndSync()) {
      return;
    }
    fromSegment = wal.currentSegment();
    flushedThrough = nextSequence - 1;
    flushed = appended.size();
    boundaries.removeIf(boundary -> boundary.firstSegment() <= fromSegment);
    note();
    historyFrom = wal.historyFrom(fromSegment);
    wal.releaseBelow(fromSegment, historyFrom);
  }

  /// A batch of one put is 12 header bytes, the kind, two lengths and 8 key bytes beside its value.
  static void put(BatchBuilder builder, long sequence, int valueBytes) {
    byte[] key = new byte[Long.BYTES];
    MemorySegment.ofArray(key).set(Layouts.BE_LONG, 0, sequence);
    byte[] value = new byte[valueBytes];
    for (int i = 0; i < valueBytes; i++) {
      value[i] = (byte) (sequence * 31 + i + 1);
    }
    builder.put(key, 0, key.length, value, 0, valueBytes);
  }

  private static void describe(
      long firstSequence, MemorySegment bytes, long offset, long length, List<String> history) {
    var reader = new BatchReader();
    reader.reset(bytes, offset, length);
    reader.verifyChecksum();
    long sequence = firstSequence;
    while (reader.next()) {
      if (reader.kind() == ValueKind.COUNTER) {
        history.add("+" + reader.counterDelta());
        continue;
      }
      boolean isRight = reader.kind() == ValueKind.PUT;
      isRight &= bytes.get(Layouts.BE_LONG, reader.keyOffset()) == sequence;
      for (int i = 0; i < reader.valueLength(); i++) {
        byte expected = (byte) (sequence * 31 + i + 1);
        isRight &= bytes.get(Layouts.BYTE, reader.valueOffset() + i) == expected;
      }
      history.add(isRight ? Long.toString(sequence) : "wrong at " + sequence);
      sequence++;
    }
  }

  /// `1`, `2`, ... `last`.
  static List<String> upTo(long last) {
    var history = new ArrayList<String>();
    for (long sequence = 1; sequence <= last; sequence++) {
      history.add(Long.toString(sequence));
    }
    return history;
  }
}
