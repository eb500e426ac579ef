package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.AppendFile;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.ReadFile;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every byte of a small table is flipped, zeroed or cut off: what the damage touches is refused,
/// everything else reads as before, and no answer is ever wrong.
class TableCorruptionTest {
  private static final long NUMBER = 7;
  private static final String NAME = FileName.table(NUMBER);

  private final List<Entry> entries = entries();
  private final RangeTombstone tombstone =
      new RangeTombstone(Bytes.ofUtf8("key:02"), Bytes.ofUtf8("key:05"), 77);

  @ParameterizedTest
  @EnumSource(TableOptions.Compression.class)
  void everyFlippedOrZeroedByteIsDetected(TableOptions.Compression compression) {
    byte[] table = table(compression);
    try (var cache = new BlockCache(0)) {
      for (int at = 0; at < table.length; at++) {
        for (byte damage : new byte[] {(byte) (table[at] ^ 1), (byte) (table[at] ^ 0x80), 0}) {
          if (damage != table[at]) {
            byte[] damaged = table.clone();
            damaged[at] = damage;
            String message = compression + " byte " + at + " = " + damage;
            int refused = readEverything(files(damaged), cache, message);
            assertTrue(refused > 0, message + " went unnoticed");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(TableOptions.Compression.class)
  void everyTruncationIsRefused(TableOptions.Compression compression) {
    byte[] table = table(compression);
    try (var cache = new BlockCache(0)) {
      for (int length = 0; length < table.length; length++) {
        byte[] cut = new byte[length];
        System.arraycopy(table, 0, cut, 0, length);
        FileSystem files = files(cut);
        assertThrows(
            CorruptionException.class,
            () -> TestTables.open(files, NUMBER, cache),
            "length " + length);
      }
    }
  }

  @Test
  void checksumsOfTheWholeFileNameTheDamagedBlock() {
    byte[] table = table(TableOptions.Compression.NONE);
    table[200] ^= 4; // in the first data block
    try (var cache = new BlockCache(0)) {
      TableReader reader = TestTables.open(files(table), NUMBER, cache);
      var failure =
          assertThrows(
              CorruptionException.class, () -> reader.verifyChecksums(TestTables.STORE, cache));
      assertEquals(NAME, failure.file());
      assertEquals(72, failure.offset());
      reader.release();
    }
  }

  @Test
  void anotherStoresOrTablesFileIsRefused() {
    byte[] table = table(TableOptions.Compression.NONE);
    try (var cache = new BlockCache(0)) {
      FileSystem renamed = FaultFileSystem.create(1);
      write(renamed, FileName.table(8), table);
      assertThrows(CorruptionException.class, () -> TestTables.open(renamed, 8, cache));
      assertThrows(
          CorruptionException.class,
          () -> TableReader.open(files(table), NUMBER, new UUID(3, 4), cache, PointIndexes.NONE));
    }
  }

  @Test
  void aBlockOfAnotherTableDoesNotVerify() {
    FileSystem both = FaultFileSystem.create(1);
    TestTables.write(both, 8, options(TableOptions.Compression.NONE), entries, List.of(tombstone));
    byte[] table = table(TableOptions.Compression.NONE);
    byte[] other = read(both, FileName.table(8));
    assertEquals(table.length, other.length);
    System.arraycopy(other, 72, table, 72, 300);
    try (var cache = new BlockCache(0)) {
      assertTrue(readEverything(files(table), cache, "stale block") > 0);
    }
  }

  /// Reads all there is; answers must be right or refused. Returns how many were refused.
  private int readEverything(FileSystem files, BlockCache cache, String message) {
    TableReader table;
    try {
      table = TestTables.open(files, NUMBER, cache);
    } catch (AtlasException e) {
      assertNamed(e);
      return 1;
    }
    int refused = 0;
    try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      var out = new Lookup();
      for (Entry entry : entries) {
        try {
          long snapshot = InternalKey.sequence(entry.trailer());
          int state = TestTables.get(table, context, entry.key(), snapshot, out);
          boolean isPut = InternalKey.kind(entry.trailer()) == ValueKind.PUT;
          assertEquals(isPut ? Lookup.FOUND : Lookup.DELETED, state, message);
          if (isPut) {
            assertEquals(entry.value(), TestTables.value(out), message);
          }
        } catch (CorruptionException e) {
          assertNamed(e);
          refused++;
        }
        out.release();
      }
      refused += scan(table, context, message);
      assertEquals(
          77,
          table.rangeTombstones().coveringSequence(key("key:03"), 0, 6, SequenceNumber.MAX),
          message);
    } finally {
      table.release();
    }
    return refused;
  }

  private int scan(TableReader table, ReadContext context, String message) {
    int refused = 0;
    for (boolean fillsCache : new boolean[] {true, false}) {
      context.fillsCache(fillsCache);
      try (var iterator = table.iterator(context)) {
        iterator.seekToFirst();
        for (Entry entry : entries) {
          assertTrue(iterator.isValid(), message);
          assertEquals(
              entry.key(), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()), message);
          assertEquals(entry.trailer(), iterator.trailer(), message);
          iterator.next();
        }
      } catch (CorruptionException e) {
        assertNamed(e);
        refused++;
      }
    }
    return refused;
  }

  private static void assertNamed(AtlasException e) {
    String message = String.valueOf(e.getMessage());
    assertTrue(message.startsWith(NAME), message);
  }

  private byte[] table(TableOptions.Compression compression) {
    FileSystem files = FaultFileSystem.create(1);
    TestTables.write(files, NUMBER, options(compression), entries, List.of(tombstone));
    return read(files, NAME);
  }

  private static TableOptions options(TableOptions.Compression compression) {
    return TableOptions.DEFAULT.withBlockBytes(256).withCompression(compression);
  }

  private static FileSystem files(byte[] table) {
    FileSystem files = FaultFileSystem.create(1);
    write(files, NAME, table);
    return files;
  }

  private static byte[] read(FileSystem files, String name) {
    try (ReadFile file = files.openRead(name)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect((int) file.size());
      file.read(0, bytes);
      byte[] content = new byte[bytes.flip().remaining()];
      bytes.get(content);
      return content;
    }
  }

  private static void write(FileSystem files, String name, byte[] content) {
    try (AppendFile file = files.create(name)) {
      file.append(ByteBuffer.allocateDirect(content.length).put(content).flip());
    }
  }

  private static byte[] key(String text) {
    return Bytes.ofUtf8(text).toArray();
  }

  private static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < 16; i++) {
      String key = "key:%02d".formatted(i);
      entries.add(Entry.put(key, 300 + i, "value value value " + i));
      if (i % 4 == 0) {
        entries.add(Entry.delete(key, 200 + i));
        entries.add(Entry.put(key, 100 + i, "old old old old old old"));
      }
    }
    return entries;
  }
}
