package io.atlaskv.engine.internal.sstable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Damage that the checksums of blocks cannot see, because it was done behind their back: in the
/// cache, or before a block's checksum was made.
class RowSumTest {
  private static final long NUMBER = 7;
  private static final String NAME = FileName.table(NUMBER);
  private static final TableOptions SUMMED =
      TableOptions.DEFAULT.withBlockBytes(512).withRowSums(true);

  private final List<Entry> entries = entries();

  @Test
  void aScanNeverShowsARowThatIsNotAsItWasWritten() {
    var found = scansOfDamagedTables(SUMMED);
    assertThat(found.wrong).isZero();
    assertThat(found.refused).isGreaterThan(1_000);
  }

  /// So the test above can fail.
  @Test
  void withoutRowSumsItDoes() {
    assertThat(scansOfDamagedTables(SUMMED.withRowSums(false)).wrong).isGreaterThan(1_000);
  }

  @Test
  void aPointReadNeverAnswersWithAValueThatIsNotAsItWasWritten() {
    byte[] table = table(SUMMED);
    int refused = 0;
    try (var cache = new BlockCache(0)) {
      for (int at = FileHeader.BYTES; at < dataEnd(table); at++) {
        var files = files(damaged(table, at, 4));
        TableReader reader = TestTables.open(files, NUMBER, cache);
        try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
          var out = new Lookup();
          for (Entry entry : entries) {
            try {
              long snapshot = InternalKey.sequence(entry.trailer());
              if (TestTables.get(reader, context, entry.key(), snapshot, out) == Lookup.FOUND
                  && out.sequence() == snapshot) {
                assertThat(TestTables.value(out)).as("byte %d", at).isEqualTo(entry.value());
              }
            } catch (CorruptionException e) {
              refused++;
            }
            out.release();
          }
        } finally {
          reader.release();
        }
      }
    }
    assertThat(refused).isGreaterThan(1_000);
  }

  @ParameterizedTest
  @EnumSource(TableOptions.Compression.class)
  void aBitThatFlipsInACachedBlockIsFound(TableOptions.Compression compression) {
    var files = files(table(SUMMED.withCompression(compression)));
    try (var cache = new BlockCache(16 << 20);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
        var block = new PinnedBlock()) {
      TableReader reader = TestTables.open(files, NUMBER, cache);
      var out = new Lookup();
      Entry entry = entries.getFirst();
      long snapshot = SequenceNumber.MAX;
      assertThat(TestTables.get(reader, context, entry.key(), snapshot, out))
          .isEqualTo(Lookup.FOUND);
      out.release();
      assertThat(reader.tryPin(context, 0, block)).isTrue();
      long values = block.base() + DataBlockLayout.valuesOffset(block.segment(), block.base());
      byte value = block.segment().get(Layouts.BYTE, values);
      block.segment().set(Layouts.BYTE, values, (byte) (value ^ 0x10));

      assertThatThrownBy(() -> TestTables.get(reader, context, entry.key(), snapshot, out))
          .isInstanceOf(CorruptionException.class)
          .hasMessageContaining(NAME + "@72")
          .hasMessageContaining(entry.key().toString());
      try (var iterator = reader.iterator(context)) {
        assertThatThrownBy(iterator::seekToFirst)
            .isInstanceOf(CorruptionException.class)
            .hasMessageContaining(entry.key().toString());
      }
      block.release();
      reader.release();
    }
  }

  @Test
  void allRowsButTheDamagedOneAreSalvaged() {
    byte[] table = table(SUMMED);
    int tables = 0;
    for (boolean isRemade : new boolean[] {false, true}) {
      for (Entry entry : entries) {
        if (InternalKey.kind(entry.trailer()) == ValueKind.PUT) {
          int at = indexOf(table, entry.value().toArray());
          byte[] damaged = isRemade ? damaged(table, at, 1) : flipped(table, at, 1);
          var rows = new ArrayList<Entry>();
          var salvaged = TableSalvage.read(files(damaged), NUMBER, sink(rows));
          var expected = new ArrayList<Entry>(entries);
          expected.remove(entry);
          assertThat(rows).isEqualTo(expected);
          assertThat(salvaged.gaps()).hasSize(1);
          assertThat(salvaged.gaps().getFirst().detail()).contains("have their own checksum");
          tables++;
        }
      }
    }
    assertThat(tables).isGreaterThan(50);
  }

  @Test
  void whateverByteIsDamagedOnlyRowsThatWereWrittenAreSalvaged() {
    byte[] table = table(SUMMED);
    for (int at = FileHeader.BYTES; at < dataEnd(table); at++) {
      for (int bits : new int[] {1, 0x80, 0xff}) {
        var rows = new ArrayList<Entry>();
        TableSalvage.read(files(flipped(table, at, bits)), NUMBER, sink(rows));
        assertThat(entries).as("byte %d", at).containsSubsequence(rows);
      }
    }
  }

  @Test
  void releasesThatDoNotKnowRowSumsAreTold() {
    byte[] table = table(SUMMED);
    assertThat(MemorySegment.ofArray(table).get(Layouts.LE_INT, 20)).isEqualTo(1);
    byte[] plain = table(SUMMED.withRowSums(false));
    assertThat(MemorySegment.ofArray(plain).get(Layouts.LE_INT, 20)).isZero();
  }

  /// How scans of tables ended in which one byte of the data is wrong, but the checksums of blocks
  /// match.
  private static final class Scans {
    int wrong;
    int refused;
  }

  private Scans scansOfDamagedTables(TableOptions options) {
    byte[] table = table(options);
    var scans = new Scans();
    try (var cache = new BlockCache(0);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      for (int at = FileHeader.BYTES; at < dataEnd(table); at++) {
        for (int bits : new int[] {1, 0x40}) {
          TableReader reader = TestTables.open(files(damaged(table, at, bits)), NUMBER, cache);
          try (var iterator = reader.iterator(context)) {
            var rows = new ArrayList<Entry>();
            for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
              rows.add(
                  entry(
                      Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()),
                      iterator.trailer(),
                      iterator.valueSegment(),
                      iterator.valueOffset(),
                      iterator.valueLength()));
            }
            scans.wrong += rows.equals(entries) ? 0 : 1;
          } catch (CorruptionException e) {
            scans.refused++;
          } finally {
            reader.release();
          }
        }
      }
    }
    return scans;
  }

  private static TableSalvage.RowSink sink(List<Entry> rows) {
    return (key, length, trailer, value, offset, bytes) ->
        rows.add(entry(Bytes.of(key, 0, length), trailer, value, offset, bytes));
  }

  private static Entry entry(
      Bytes key, long trailer, MemorySegment value, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(value, Layouts.BYTE, offset, copy, 0, length);
    return new Entry(key, trailer, Bytes.of(copy));
  }

  private byte[] table(TableOptions options) {
    var files = FaultFileSystem.create(1);
    TestTables.write(files, NUMBER, options, entries);
    return files.contents(NAME);
  }

  private static FaultFileSystem files(byte[] table) {
    var files = FaultFileSystem.create(1);
    files.put(NAME, table);
    return files;
  }

  private static byte[] flipped(byte[] table, int at, int bits) {
    byte[] flipped = table.clone();
    flipped[at] ^= (byte) bits;
    return flipped;
  }

  /// A table in which a byte is wrong, and the checksum of its block made again.
  private static byte[] damaged(byte[] table, int at, int bits) {
    byte[] damaged = flipped(table, at, bits);
    MemorySegment bytes = MemorySegment.ofArray(damaged);
    try (var cache = new BlockCache(0)) {
      TableReader reader = TestTables.open(files(table), NUMBER, cache);
      for (int i = 0; i < reader.index().blocks(); i++) {
        long from = reader.index().blockOffset(i);
        int payloadBytes = (int) (reader.index().blockEnd(i) - from) - BlockTrailer.BYTES;
        if (at >= from && at < from + payloadBytes) {
          int crc = BlockTrailer.crc(bytes, from, payloadBytes, NUMBER, from);
          bytes.set(Layouts.LE_INT, from + payloadBytes + BlockTrailer.CRC_OFFSET, crc);
        }
      }
      reader.release();
    }
    return damaged;
  }

  /// Where the data blocks end, the trailer of the last one left out.
  private static long dataEnd(byte[] table) {
    try (var cache = new BlockCache(0)) {
      TableReader reader = TestTables.open(files(table), NUMBER, cache);
      long end = reader.index().blockEnd(reader.index().blocks() - 1) - BlockTrailer.BYTES;
      reader.release();
      return end;
    }
  }

  private static int indexOf(byte[] table, byte[] value) {
    for (int at = 0; at <= table.length - value.length; at++) {
      if (Bytes.of(table, at, value.length).equals(Bytes.of(value))) {
        return at;
      }
    }
    throw new AssertionError("not in the table: " + Bytes.of(value));
  }

  private static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < 40; i++) {
      String key = "prefix:key:%03d".formatted(i);
      entries.add(Entry.put(key, 300 + i, "value of " + (char) ('0' + i) + " and of nobody else"));
      if (i % 8 == 0) {
        entries.add(Entry.delete(key, 200 + i));
        entries.add(Entry.put(key, 100 + i, "older value of " + (char) ('0' + i) + ", long gone"));
      }
    }
    return entries;
  }
}
