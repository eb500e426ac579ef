package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A log under test and what stands around it in a store: the manifest's knowledge, the sequence
/// counter, and readable operations.
///
/// The operation that takes sequence `n` is a PUT of `n` and a value derived from it, so that any
/// recovered history can be checked without a record of what was written.
final class LogFixture {
  static final UUID STORE = new UUID(0x1122334455667788L, 0x99aabbccddeeff00L);

  /// Small enough that a few batches fill a segment.
  static final WalOptions SMALL = new WalOptions(4096, 4096, 16 << 10, 256, 1_000_000, 1_000_000);

  final SimPorts world;
  final FaultFileSystem files;
  final WalOptions options;
  private final BatchBuilder builder = new BatchBuilder();
  long fromSegment = 1;
  long flushedThrough;
  List<LogBoundary> boundaries = new ArrayList<>();
  long nextSequence;
  private Wal wal;

  private LogFixture(SimPorts world, WalOptions options) {
    this.world = world;
    this.options = options;
    files = world.files();
  }

  /// A new store with a new log.
  static LogFixture create(long seed, WalOptions options) {
    var fixture = new LogFixture(SimPorts.create(seed), options);
    fixture.begin(WalRecovery.none(fixture.files));
    return fixture;
  }

  /// The same store on what a crash left, not yet recovered.
  LogFixture after(FaultFileSystem left, long seed) {
    var fixture = new LogFixture(SimPorts.on(left, seed), options);
    fixture.fromSegment = fromSegment;
    fixture.flushedThrough = flushedThrough;
    fixture.boundaries = new ArrayList<>(boundaries);
    return fixture;
  }

  /// Recovers, and begins the next life; the history as `describe` tells it.
  List<String> recover(RecoveryMode mode) {
    var history = new ArrayList<String>();
    begin(read(mode, history));
    return history;
  }

  /// Recovers without beginning a life.
  RecoveredLog read(RecoveryMode mode, List<String> history) {
    return read(files, mode, history);
  }

  RecoveredLog read(FaultFileSystem from, RecoveryMode mode, List<String> history) {
    var request = new RecoveryRequest(STORE, fromSegment, flushedThrough, boundaries, mode);
    return WalRecovery.recover(
        from,
        request,
        (sequence, timeMillis, bytes, offset, length) ->
            describe(sequence, bytes, offset, length, history));
  }

  private void begin(RecoveredLog recovered) {
    wal = new Wal(world.ports(), options, STORE, recovered, () -> {});
    boundaries.add(recovered.boundary());
    nextSequence = recovered.lastSequence() + 1;
  }

  Wal wal() {
    return wal;
  }

  /// Appends a batch of `operations` puts; lets the scheduler work if there is no room.
  void append(int operations, int valueBytes) {
    builder.clear();
    for (int i = 0; i < operations; i++) {
      put(builder, nextSequence + i, valueBytes);
    }
    append(operations);
  }

  /// Appends a batch that takes no sequence.
  void appendCounter(int delta) {
    builder.clear();
    builder.count(1, 2, delta);
    append(0);
  }

  private void append(int operations) {
    MemorySegment batch = builder.finish();
    if (!wal.hasRoom(builder.length())) {
      world.scheduler().runUntil(() -> wal.hasRoom(builder.length()) || wal.failure() != null);
    }
    wal.append(nextSequence, operations, batch, builder.length());
    nextSequence += operations;
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

  /// Turns operations into `7` for the right PUT of sequence 7, `+3` for a counter, and anything
  /// else into text that matches nothing.
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
