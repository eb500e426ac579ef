package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What ends background work and is no failure of the file system, such as a lack of memory: nobody
/// waits for ever, the store says why it takes no writes, and nothing is lost.
class BackgroundErrorTest {
  private static final int ENTRIES = 100;
  private static final long SECOND = 1_000_000_000;

  private final FaultFileSystem files = FaultFileSystem.create(7);
  private boolean isPlanted;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The next write of a table meets a lack of memory.
  private void plant() {
    plant(".sst", "");
  }

  /// As above, of another kind of file, by a part of the store.
  private void plant(String suffix, String part) {
    isPlanted = true;
    files.failAlways(
        operation -> {
          boolean isWrite = operation.kind() == Operation.Kind.WRITE;
          if (isPlanted
              && isWrite
              && operation.name().endsWith(suffix)
              && StarvedPorts.isAtWork(part)) {
            isPlanted = false;
            throw new OutOfMemoryError("planted");
          }
          return false;
        },
        Fault.EIO);
  }

  private static void put(Db db, String value) {
    for (int i = 0; i < ENTRIES; i++) {
      db.put(bytes("key" + i), bytes(value + i));
    }
  }

  private static void check(Db db, String value) {
    for (int i = 0; i < ENTRIES; i++) {
      assertThat(db.get(bytes("key" + i))).isEqualTo(bytes(value + i));
    }
  }

  @Test
  void aFlushThatLacksMemoryIsTold() {
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      put(store.db(), "a");
      plant();
      assertThatThrownBy(store.db()::flush)
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("planted");
      checkReadOnly(store.db(), "a");
    }
    reopenAndCheck("a");
  }

  @Test
  void aMergeThatLacksMemoryIsTold() {
    try (var store = SimStore.open(files, 2, Options.DEFAULT)) {
      put(store.db(), "a");
      store.db().flush();
      put(store.db(), "b");
      store.db().flush();
      plant();
      assertThatThrownBy(store.db()::compact)
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("planted");
      checkReadOnly(store.db(), "b");
    }
    reopenAndCheck("b");
  }

  @Test
  void aMergeThatLacksMemoryToBeginIsTold() {
    requireTold("MergeParts");
  }

  @Test
  void aMergeThatLacksMemoryToBeFollowedIsTold() {
    requireTold("CompactionSpan");
  }

  private void requireTold(String part) {
    var starved = new StarvedPorts(part);
    try (var store = SimStore.open(files, 2, Options.DEFAULT, starved::of)) {
      put(store.db(), "a");
      store.db().flush();
      put(store.db(), "b");
      store.db().flush();
      starved.plant();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(store.db()::compact)
            .isInstanceOf(AtlasException.class)
            .hasMessageContaining("planted");
      }
      checkReadOnly(store.db(), "b");
    }
    reopenAndCheck("b");
  }

  /// What was told done is there: nothing goes on behind a segment that was taken and not begun.
  @Test
  void aWriteThatLacksMemoryForTheNextLogSegmentEndsTheLog() {
    var starved = new StarvedPorts("SegmentSupply.take");
    int written = 0;
    try (var store = SimStore.open(files, 6, RandomOptions.SMALL, starved::of)) {
      starved.plant();
      for (boolean isRefused = false; !isRefused; ) {
        try {
          store.db().put(number(written), new byte[1_000]);
          written++;
          store.scheduler().runFor(SECOND / 1_000); // so that segments are ready
        } catch (OutOfMemoryError e) {
          isRefused = true;
        }
      }
      assertThatThrownBy(() -> store.db().put(bytes("more"), bytes("1")))
          .isInstanceOf(ReadOnlyException.class);
      store.abandon();
    }
    requireNumbers(written);
  }

  @Test
  void aLogSegmentThatCannotBeMadeForLackOfMemoryIsTold() {
    int written = 0;
    try (var store = SimStore.open(files, 7, RandomOptions.SMALL)) {
      plant(".log", "SegmentSupply");
      boolean isTold = false;
      while (!isTold) {
        try {
          store.db().put(number(written), new byte[1_000]);
          written++;
        } catch (ReadOnlyException e) {
          isTold = true;
        } catch (OutOfMemoryError e) { // of a step that ran while the write waited
          assertThat(isPlanted).isFalse();
        }
      }
      store.abandon();
    }
    files.clearFaults();
    requireNumbers(written);
  }

  private static byte[] number(int number) {
    return bytes("number" + number);
  }

  private void requireNumbers(int count) {
    try (var store = SimStore.open(files, 8, RandomOptions.SMALL)) {
      for (int i = 0; i < count; i++) {
        assertThat(store.db().get(number(i))).hasSize(1_000);
      }
    }
  }

  /// Who scans what is in memory has it put in order; nobody else does that after it has failed.
  @Test
  void aMemtableThatLacksMemoryToBePutInOrderIsTold() {
    var starved = new StarvedPorts("OrderTask");
    try (var store = SimStore.open(files, 3, Options.DEFAULT, starved::of)) {
      put(store.db(), "a");
      store.scheduler().runFor(SECOND);
      starved.plant();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> store.db().range(Range.all()).open())
            .isInstanceOf(AtlasException.class)
            .hasMessageContaining("planted");
      }
      checkReadOnly(store.db(), "a");
      assertThatThrownBy(store.db()::flush)
          .isInstanceOf(AtlasException.class)
          .hasMessageContaining("planted");
    }
    reopenAndCheck("a");
  }

  @Test
  void historyIsLetGoAfterALackOfMemory() {
    Options options = Options.DEFAULT.withHistoryWindow(Duration.ofSeconds(10));
    var starved = new StarvedPorts("HistoryWindow");
    try (var store = SimStore.open(files, 4, options, starved::of)) {
      put(store.db(), "a");
      starved.plant();
      assertThatThrownBy(() -> store.scheduler().runFor(SECOND))
          .isInstanceOf(OutOfMemoryError.class);
      put(store.db(), "b");
      store.scheduler().runFor(60 * SECOND);
      assertThatThrownBy(() -> store.db().snapshotAt(1)).isInstanceOf(HistoryGoneException.class);
      check(store.db(), "b");
    }
  }

  /// The age of memtables is seen to by the same kind of task.
  @Test
  void memtablesAreFlushedForTheirAgeAfterALackOfMemory() {
    Options options = Options.DEFAULT.withMemtableAgeMax(Duration.ofSeconds(8));
    var starved = new StarvedPorts("MemtableAge");
    try (var store = SimStore.open(files, 5, options, starved::of)) {
      put(store.db(), "a");
      starved.plant();
      assertThatThrownBy(() -> store.scheduler().runFor(2 * SECOND))
          .isInstanceOf(OutOfMemoryError.class);
      store.scheduler().runFor(20 * SECOND);
      assertThat(store.db().statistics().levels().getFirst().tables()).isEqualTo(1);
    }
  }

  private static void checkReadOnly(Db db, String value) {
    assertThatThrownBy(() -> db.put(bytes("more"), bytes("1")))
        .isInstanceOf(ReadOnlyException.class)
        .hasMessageContaining("planted");
    check(db, value);
  }

  private void reopenAndCheck(String value) {
    files.clearFaults();
    try (var store = SimStore.open(files, 3, Options.DEFAULT)) {
      check(store.db(), value);
      store.db().put(bytes("more"), bytes("1"));
      store.db().compact();
      check(store.db(), value);
    }
  }
}
