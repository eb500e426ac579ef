package io.atlaskv.engine.internal.sstable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.cache.RowCache;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Point reads of a table whose blocks find no room in the cache, while single rows do.
class TableRowsTest {
  private static final long NUMBER = 7;
  private static final Bytes TWICE = Bytes.ofUtf8("twice");

  private final FaultFileSystem files = FaultFileSystem.create(1);
  private final BlockCache cache = new BlockCache(0, 100 << 10, true);
  private final ReadContext context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
  private final Lookup out = new Lookup();

  private static final List<Entry> ENTRIES =
      List.of(
          Entry.delete("gone", 3),
          new Entry(
              Bytes.ofUtf8("later"),
              InternalKey.pack(4, ValueKind.PUT_EXPIRING),
              Bytes.of(new byte[] {9, 0, 0, 0, 0, 0, 0, 0, 'v'})),
          Entry.put("long", 5, "x".repeat(2_000)),
          Entry.put("plain", 6, "value"),
          Entry.put("twice", 8, "new"),
          Entry.put("twice", 7, "old"));

  private TableReader open(boolean hasSums) {
    TestTables.write(files, NUMBER, TableOptions.DEFAULT.withRowSums(hasSums), ENTRIES);
    return TestTables.open(files, NUMBER, cache);
  }

  private RowCache rows() {
    return Objects.requireNonNull(cache.rows());
  }

  private int get(TableReader table, Bytes key, long snapshot) {
    return TestTables.get(table, context, key, snapshot, out);
  }

  @AfterEach
  void close() {
    out.release();
    context.close();
    cache.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void answersAsTheTableDoes(boolean hasSums) {
    TableReader table = open(hasSums);
    for (int round = 0; round < 4; round++) {
      for (Entry entry : ENTRIES.subList(0, 5)) {
        String name = entry.key() + " round " + round;
        int state = get(table, entry.key(), SequenceNumber.MAX);
        assertThat(out.sequence()).as(name).isEqualTo(InternalKey.sequence(entry.trailer()));
        switch (InternalKey.kind(entry.trailer())) {
          case ValueKind.DELETE -> assertThat(state).as(name).isEqualTo(Lookup.DELETED);
          case ValueKind.PUT -> {
            assertThat(state).as(name).isEqualTo(Lookup.FOUND);
            assertThat(TestTables.value(out)).as(name).isEqualTo(entry.value());
          }
          default -> {
            assertThat(state).as(name).isEqualTo(Lookup.EXPIRING);
            assertThat(out.expiresAtMillis()).isEqualTo(9);
            assertThat(TestTables.value(out)).isEqualTo(Bytes.of(new byte[] {'v'}));
          }
        }
        out.release();
      }
    }
    context.close(); // tells the counts
    assertThat(rows().rowCount()).isEqualTo(4); // all but the long one
    assertThat(rows().hits()).isEqualTo(8);
    assertThat(cache.misses()).isEqualTo(20 - 8);
    table.release();
  }

  @Test
  void readersOfOlderStatesNeitherGetNorPutRows() {
    TableReader table = open(false);
    for (int round = 0; round < 3; round++) {
      assertThat(get(table, TWICE, 7)).isEqualTo(Lookup.FOUND);
      assertThat(TestTables.value(out)).isEqualTo(ENTRIES.get(5).value());
      out.release();
    }
    assertThat(rows().rowCount()).isZero();
    for (int round = 0; round < 3; round++) {
      get(table, TWICE, 8);
      assertThat(TestTables.value(out)).isEqualTo(ENTRIES.get(4).value());
      out.release();
    }
    assertThat(rows().rowCount()).isEqualTo(1);
    get(table, TWICE, 7);
    assertThat(TestTables.value(out)).isEqualTo(ENTRIES.get(5).value());
    assertThat(get(table, TWICE, 6)).isEqualTo(Lookup.ABSENT);
    out.release();
    table.release();
  }

  @Test
  void aReaderThatMustNotBlockIsAnsweredByARow() {
    TableReader table = open(false);
    context.mode(ReadContext.Mode.CACHE_ONLY);
    for (int round = 0; round < 2; round++) {
      assertThatThrownBy(() -> get(table, TWICE, SequenceNumber.MAX))
          .isSameAs(NeedsBlocks.INSTANCE);
      context.fetchNeeded();
      assertThat(get(table, TWICE, SequenceNumber.MAX)).isEqualTo(Lookup.FOUND);
      assertThat(get(table, TWICE, SequenceNumber.MAX)).isEqualTo(Lookup.FOUND);
      assertThat(rows().rowCount()).as("one fetch, one miss").isEqualTo(round);
      out.release();
      context.reset();
    }
    assertThat(get(table, TWICE, SequenceNumber.MAX)).isEqualTo(Lookup.FOUND);
    assertThat(TestTables.value(out)).isEqualTo(ENTRIES.get(4).value());
    out.release();
    table.release();
  }

  private TableReader openWithRowOfTwice(boolean hasSums) {
    TableReader table = open(hasSums);
    get(table, TWICE, SequenceNumber.MAX);
    get(table, TWICE, SequenceNumber.MAX);
    out.release();
    return table;
  }

  @Test
  void aRowOfAnotherKeyWithTheSameHashIsNoAnswer() {
    TableReader table = openWithRowOfTwice(false);
    byte[] key = TWICE.toArray();
    long hash = TableReader.hash(key, 0, key.length);
    try (var row = new PinnedBlock()) {
      assertThat(rows().pin(NUMBER, hash, row)).isTrue();
      byte[] other = {'t', 'w', 'i', 'c', 'f'};
      assertThat(TableRows.get(row, other, 0, 5, hash, out)).isEqualTo(DataBlockSearch.OTHER_KEY);
      assertThat(TableRows.get(row, other, 0, 4, hash, out)).isEqualTo(DataBlockSearch.OTHER_KEY);
      assertThat(TableRows.get(row, key, 0, 5, hash, out)).isEqualTo(Lookup.FOUND);
      out.release();
    }
    table.release();
  }

  @Test
  void aBitThatFlipsInARowIsFoundIfItHasASum() {
    TableReader table = openWithRowOfTwice(true);
    byte[] key = TWICE.toArray();
    long hash = TableReader.hash(key, 0, key.length);
    try (var row = new PinnedBlock()) {
      assertThat(rows().pin(NUMBER, hash, row)).isTrue();
      long last = row.base() + row.length() - 1;
      byte value = row.segment().get(Layouts.BYTE, last);
      row.segment().set(Layouts.BYTE, last, (byte) (value ^ 0x10));
    }
    assertThatThrownBy(() -> get(table, TWICE, SequenceNumber.MAX))
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining(FileName.table(NUMBER))
        .hasMessageContaining(TWICE.toString());
    table.release();
  }
}
