package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What opening a store reads, writes and syncs.
class OpeningTest {
  private static final long SEED = 42;
  private static final Options OPTIONS = RandomOptions.SMALL.withDurability(Durability.OS);

  private final FaultFileSystem files = FaultFileSystem.create(SEED);

  @Test
  void aStoreWhoseWritesAreInTablesIsOpenedWithThreeSyncs() {
    use(store -> {
      put(store, 0, 50);
      store.db().flush();
    });
    int before = files.operationCount();
    try (var store = SimStore.open(files, SEED, OPTIONS)) {
      assertThat(syncsSince(before))
          .containsExactly("SYNC " + newestLog(), "SYNC_DIRECTORY ", "SYNC " + nameOf("MANIFEST-"));
      assertThat(store.db().recoveryReport().wasCleanShutdown()).isTrue();
      requireKeys(store, 50);
    }
  }

  @Test
  void whatIsInTablesIsNotReadFromTheLogAgain() {
    use(store -> {
      put(store, 0, 200); // several segments
      store.db().flush();
    });
    int before = files.operationCount();
    try (var store = SimStore.open(files, SEED, OPTIONS)) {
      assertThat(logsReadSince(before)).hasSizeLessThanOrEqualTo(2); // the last one, made ahead one
      assertThat(store.db().recoveryReport().replayedBatches()).isZero();
      requireKeys(store, 200);
    }
  }

  @Test
  void whatIsNotInTablesIsReplayed() {
    use(store -> {
      put(store, 0, 20);
      store.db().flush();
      put(store, 20, 25);
    });
    use(store -> {
      assertThat(store.db().recoveryReport().replayedOperations()).isEqualTo(5);
      assertThat(store.db().recoveryReport().wasCleanShutdown()).isTrue();
      requireKeys(store, 25);
    });
    use(store -> requireKeys(store, 25));
  }

  /// Even when nothing is written, each opening begins a life of the log.
  @Test
  void openingsLeaveNoSegmentsBehind() {
    use(store -> {
      put(store, 0, 30);
      store.db().flush();
    });
    for (int i = 0; i < 20; i++) {
      use(store -> requireKeys(store, 30));
      assertThat(logs()).hasSizeLessThanOrEqualTo(4);
    }
    use(store -> {
      put(store, 30, 35);
      store.db().flush();
    });
    use(store -> requireKeys(store, 35));
  }

  /// A memtable that is filled by a little at each opening needs the log of all of them.
  @Test
  void openingsThatWriteALittleKeepFewSegments() {
    for (int i = 0; i < 40; i++) {
      int from = i;
      use(store -> put(store, from, from + 1));
      assertThat(logs()).hasSizeLessThanOrEqualTo(14);
    }
    use(store -> requireKeys(store, 40));
  }

  /// A few steps of background work each: no flush comes to its end in that.
  @Test
  void openingsTooShortForAnyFlushKeepABoundedNumberOfSegments() {
    for (int i = 0; i < 100; i++) {
      try (var store = SimStore.open(files, SEED, OPTIONS)) {
        put(store, i, i + 1);
        for (int step = 0; step < 5; step++) {
          store.scheduler().step();
        }
      }
      assertThat(logs()).hasSizeLessThanOrEqualTo(40);
    }
    use(store -> requireKeys(store, 100));
  }

  @Test
  void segmentsOfAKilledStoreWhoseWritesAreInTablesAreGivenUp() {
    var killed = SimStore.open(files, SEED, OPTIONS);
    put(killed, 0, 200);
    killed.db().flush();
    killed.abandon();
    files.kill();
    List<String> before = logs();
    use(store -> requireKeys(store, 200));
    assertThat(logs()).doesNotContainAnyElementsOf(before);
  }

  private void use(Consumer<SimStore> use) {
    try (var store = SimStore.open(files, SEED, OPTIONS)) {
      use.accept(store);
      store.scheduler().runFor(1_000_000_000);
    }
  }

  private static void put(SimStore store, int from, int to) {
    for (int i = from; i < to; i++) {
      store.db().put(key(i), new byte[300]);
    }
  }

  private static void requireKeys(SimStore store, int count) {
    for (int i = 0; i < count; i++) {
      assertThat(store.db().get(key(i))).hasSize(300);
    }
    assertThat(store.db().get(key(count))).isNull();
  }

  private static byte[] key(int i) {
    return ("key" + i).getBytes(UTF_8);
  }

  private List<String> logs() {
    return files.list().stream().filter(name -> name.endsWith(".log")).toList();
  }

  private String newestLog() {
    return logs().getLast();
  }

  private String nameOf(String prefix) {
    return files.list().stream().filter(name -> name.startsWith(prefix)).findFirst().orElseThrow();
  }

  private List<String> syncsSince(int operationCount) {
    return since(operationCount)
        .filter(op -> op.kind() == Kind.SYNC || op.kind() == Kind.SYNC_DIRECTORY)
        .map(op -> op.kind() + " " + op.name())
        .toList();
  }

  private List<String> logsReadSince(int operationCount) {
    return since(operationCount)
        .filter(op -> op.kind() == Kind.READ && op.name().endsWith(".log"))
        .map(Operation::name)
        .distinct()
        .toList();
  }

  private Stream<Operation> since(int operationCount) {
    return files.operations().stream().skip(operationCount);
  }
}
