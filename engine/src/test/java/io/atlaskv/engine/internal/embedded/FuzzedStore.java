package io.atlaskv.engine.internal.embedded;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation.Kind;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A store with real threads in the state in which calls are to meet it, and its close.
final class FuzzedStore {
  private static final Options OPTIONS =
      RandomOptions.SMALL.withMemtableEntriesMax(300).withLeakTracePeriod(0);
  private static final int ENTRIES = 2_000;
  private static final int WRITES_UNTIL_FULL = 100_000;

  /// What the store is at when the calls begin.
  enum State {
    EMPTY,
    IN_MEMORY,
    /// In tables, with no block in memory.
    ON_DISK,
    /// Flushes and merges are underway.
    WORKING,
    /// With tables, and a version of each key that snapshots hold.
    OVERWRITTEN,
    /// Opened for reading.
    READ_ONLY,
    /// Opened beside its writer.
    SECONDARY,
    /// Refuses writes as there is no room, and there never is again.
    FULL_DISK,
    /// Refuses writes since the log could not be synced.
    FAILED_SYNC;

    boolean takesWrites() {
      return this != READ_ONLY && this != SECONDARY && !hasFaults();
    }

    boolean hasFaults() {
      return this == FULL_DISK || this == FAILED_SYNC;
    }
  }

  private final State state;
  private final Path directory;
  private final Db db;
  private final @Nullable Db writer;
  private final @Nullable Secondary secondary;
  private final @Nullable FaultFileSystem files;

  private FuzzedStore(
      State state,
      Path directory,
      Db db,
      @Nullable Db writer,
      @Nullable Secondary secondary,
      @Nullable FaultFileSystem files) {
    this.state = state;
    this.directory = directory;
    this.db = db;
    this.writer = writer;
    this.secondary = secondary;
    this.files = files;
  }

  static FuzzedStore open(State state, Path directory, long seed) {
    if (state.hasFaults()) {
      return openWithFaults(state, directory, seed);
    }
    Db db = AtlasKv.open(directory, OPTIONS);
    fill(state, db);
    return switch (state) {
      case ON_DISK -> {
        db.close();
        yield of(state, directory, AtlasKv.open(directory, OPTIONS));
      }
      case READ_ONLY -> {
        db.close();
        yield of(state, directory, AtlasKv.openReadOnly(directory, OPTIONS));
      }
      case SECONDARY -> {
        Secondary secondary = AtlasKv.openSecondary(directory, OPTIONS);
        yield new FuzzedStore(state, directory, secondary.db(), db, secondary, null);
      }
      default -> of(state, directory, db);
    };
  }

  private static FuzzedStore of(State state, Path directory, Db db) {
    return new FuzzedStore(state, directory, db, null, null, null);
  }

  private static FuzzedStore openWithFaults(State state, Path directory, long seed) {
    FaultFileSystem files = FaultFileSystem.create(seed).withoutHistory();
    Db db = open(files, directory);
    fill(state, db);
    if (state == State.FULL_DISK) {
      files.capacity(0);
      assertThrows(ReadOnlyException.class, () -> writeUntilFull(db));
    } else {
      files.fail(
          operation -> operation.kind() == Kind.SYNC && operation.name().endsWith(".log"),
          Fault.EIO);
      assertThrows(AtlasException.class, () -> db.put(new byte[1], new byte[1], Durability.ALWAYS));
      assertThrows(ReadOnlyException.class, () -> db.put(new byte[1], new byte[1]));
    }
    return new FuzzedStore(state, directory, db, null, null, files);
  }

  private static void writeUntilFull(Db db) {
    for (int i = 0; i < WRITES_UNTIL_FULL; i++) {
      db.put(AnyArguments.key(i % ENTRIES), new byte[200]);
    }
  }

  /// The files are in memory, threads and time are the machine's.
  private static Db open(FaultFileSystem files, Path directory) {
    Ports world = SystemPorts.open(directory);
    var ports = new Ports(files, world.clock(), world.scheduler(), world.waiter(), world.random());
    return new EmbeddedDb(EngineOpener.open(ports, OPTIONS, 1L << 30, 1L << 28), OPTIONS);
  }

  private static void fill(State state, Db db) {
    db.namespace("one");
    switch (state) {
      case EMPTY -> {}
      case IN_MEMORY -> fill(db, 200);
      case WORKING, FULL_DISK, FAILED_SYNC -> fill(db, ENTRIES);
      case ON_DISK, READ_ONLY, SECONDARY -> {
        fill(db, ENTRIES);
        db.flush();
      }
      case OVERWRITTEN -> {
        fill(db, ENTRIES);
        db.flush();
        fill(db, ENTRIES);
      }
    }
  }

  private static void fill(Db db, int entries) {
    for (int i = 0; i < entries; i++) {
      db.put(AnyArguments.key(i), new byte[i % 200]);
    }
  }

  State state() {
    return state;
  }

  Db db() {
    return db;
  }

  Optional<Secondary> secondary() {
    return Optional.ofNullable(secondary);
  }

  /// Ends all that was handed out. With faults it may tell that it could not write all.
  void close() {
    if (secondary != null) {
      secondary.close();
      return;
    }
    try {
      db.close();
    } catch (AtlasException e) {
      if (!state.hasFaults()) {
        throw e;
      }
    }
  }

  /// To be called after the close: the next open finds all in order.
  void requireWhole() {
    if (writer != null) {
      writer.close();
    }
    if (files != null) {
      files.clearFaults();
      files.capacity(Long.MAX_VALUE);
    }
    try (Db again = files == null ? AtlasKv.open(directory, OPTIONS) : open(files, directory)) {
      if (!state.hasFaults()) {
        assertTrue(again.recoveryReport().wasCleanShutdown());
      }
      again.verify();
    }
  }
}
