package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A memtable that has as many entries as `Options.memtableEntriesMax` says is flushed by the next
/// write. Versions and range deletions count as entries.
class MemtableEntriesTest {
  private static final long SECOND = 1_000_000_000;
  private static final Options LIMITED = RandomOptions.SMALL.withMemtableEntriesMax(100);

  private final FaultFileSystem files = FaultFileSystem.create(42).withoutHistory();
  private SimStore store = SimStore.open(files, 42, LIMITED);

  @AfterEach
  void close() {
    store.close();
  }

  private Db db() {
    return store.db();
  }

  private static byte[] key(int number) {
    return Bytes.ofUtf8("key" + number).toArray();
  }

  private void put(int count) {
    for (int i = 0; i < count; i++) {
      db().put(key(i), key(i));
    }
  }

  private void write(int count) {
    var batch = new WriteBatch();
    for (int i = 0; i < count; i++) {
      batch.put(db(), key(i), key(i));
    }
    db().write(batch);
  }

  private void assertFlushes(int expected) {
    store.scheduler().runFor(SECOND);
    assertThat(db().statistics().flushes()).isEqualTo(expected);
  }

  @Test
  void theFirstPutBehindTheLimitFlushes() {
    put(99);
    assertFlushes(0);
    put(1);
    assertFlushes(0);
    assertThat(db().statistics().memtableEntries()).isEqualTo(99); // keys: one has two versions
    put(1);
    assertFlushes(1);
    assertThat(db().statistics().memtableEntries()).isEqualTo(1);
    assertThat(db().get(key(98))).isEqualTo(key(98));
    put(99);
    assertFlushes(1);
    put(1);
    assertFlushes(2);
  }

  @Test
  void oneKeyThatIsWrittenAgainAndAgainCountsEachTime() {
    for (int i = 0; i < 301; i++) {
      db().put(key(1), key(i));
    }
    assertFlushes(3);
    assertThat(db().get(key(1))).isEqualTo(key(300));
  }

  /// A batch is in one memtable as a whole, so it may go over the limit.
  @Test
  void aBatchIsNotCut() {
    put(60);
    write(60);
    assertFlushes(0);
    assertThat(db().statistics().memtableEntries()).isEqualTo(60);
    write(250);
    assertFlushes(1);
    assertThat(db().statistics().memtableEntries()).isEqualTo(250);
    put(1);
    assertFlushes(2);
  }

  @Test
  void rangeDeletionsCount() {
    for (int i = 100; i < 150; i++) {
      db().put(key(i), key(i));
      db().deleteRange(Range.closedOpen(key(i), key(i + 1)));
    }
    assertFlushes(0);
    db().deleteRange(Range.all());
    assertFlushes(1);
    assertThat(db().get(key(100))).isNull();
  }

  @Test
  void deletesCount() {
    for (int i = 0; i < 100; i++) {
      db().delete(key(i));
    }
    assertFlushes(0);
    db().delete(key(1));
    assertFlushes(1);
  }

  @Test
  void withoutALimitNothingIsFlushed() {
    store.close();
    store = SimStore.open(files, 43, LIMITED.withMemtableEntriesMax(0));
    put(1_000);
    assertFlushes(0);
  }
}
