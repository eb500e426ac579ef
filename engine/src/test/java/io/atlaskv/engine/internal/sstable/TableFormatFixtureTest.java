package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
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
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// A table written by the first release: every later one must read it. The file is never edited; a
/// new format version gets a fixture of its own beside it.
class TableFormatFixtureTest {
  private static final long NUMBER = 12;
  private static final String FOLDER = "/golden/format/v1/";
  private static final int HEX_LINE_BYTES = 16;

  @Test
  void theTableOfVersion1Reads() throws IOException {
    var files = FaultFileSystem.create(1);
    byte[] fixture = resource("table.bin");
    try (AppendFile file = files.create(FileName.table(NUMBER))) {
      file.append(ByteBuffer.allocateDirect(fixture.length).put(fixture).flip());
    }
    try (var cache = new BlockCache(1 << 20, true);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      TableReader table = TestTables.open(files, NUMBER, cache);
      table.verifyChecksums(TestTables.STORE, cache);
      checkProperties(table.properties(), fixture.length);
      byte[] covered = {'k', ':', '0', '5'};
      assertEquals(
          900, table.rangeTombstones().coveringSequence(covered, 0, 4, SequenceNumber.MAX));
      var out = new Lookup();
      try (var iterator = table.iterator(context)) {
        iterator.seekToFirst();
        for (Entry entry : entries()) {
          assertTrue(iterator.isValid());
          assertEquals(entry.key(), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()));
          assertEquals(entry.trailer(), iterator.trailer());
          iterator.next();
          TestTables.get(table, context, entry.key(), InternalKey.sequence(entry.trailer()), out);
          if (InternalKey.kind(entry.trailer()) == ValueKind.PUT) {
            assertEquals(entry.value(), TestTables.value(out));
          } else {
            assertEquals(Lookup.DELETED, out.state());
          }
          out.release();
        }
        assertFalse(iterator.isValid());
      }
      table.release();
    }
  }

  @Test
  void theHexDumpShowsTheFixture() throws IOException {
    String dump = new String(resource("table.hex"), StandardCharsets.US_ASCII);
    assertEquals(hexDump(resource("table.bin")), dump);
  }

  @Test
  void todaysWriterCountsTheSame() {
    var files = FaultFileSystem.create(1);
    TableProperties written = TestTables.write(files, NUMBER, options(), entries(), tombstones());
    checkProperties(written, written.fileBytes());
  }

  private static void checkProperties(TableProperties properties, long fileBytes) {
    assertEquals(
        new TableProperties(
            NUMBER,
            fileBytes,
            72,
            2,
            1,
            288,
            4_028,
            properties.dataBlocks(),
            0,
            900,
            TestTables.CREATED_MILLIS,
            Bytes.ofUtf8("k:00"),
            Bytes.ofUtf8("l"),
            true,
            0,
            0,
            0,
            0),
        properties);
    assertTrue(properties.dataBlocks() > 3, "blocks: " + properties.dataBlocks());
  }

  private static TableOptions options() {
    return TableOptions.DEFAULT.withBlockBytes(1024).withCompression(TableOptions.Compression.LZ4);
  }

  private static List<RangeTombstone> tombstones() {
    return List.of(new RangeTombstone(Bytes.ofUtf8("k:05"), Bytes.ofUtf8("l"), 900));
  }

  /// Several versions of some keys, tombstones, an empty value, values that compress and one that
  /// does not and is larger than a block.
  private static List<Entry> entries() {
    var entries = new ArrayList<Entry>();
    for (int i = 0; i < 64; i++) {
      String key = "k:%02d".formatted(i);
      if (i % 16 == 3) {
        entries.add(Entry.put(key, 500 + i, "new"));
      }
      if (i % 32 == 7) {
        entries.add(Entry.delete(key, 400 + i));
      }
      entries.add(Entry.put(key, i % 5 == 0 ? 0 : 100 + i, "v".repeat(i)));
    }
    byte[] noise = new byte[2_000];
    int state = 1;
    for (int i = 0; i < noise.length; i++) {
      state = state * 1_103_515_245 + 12_345;
      noise[i] = (byte) (state >>> 16);
    }
    entries.add(
        new Entry(Bytes.ofUtf8("k:80"), InternalKey.pack(7, ValueKind.PUT), Bytes.of(noise)));
    entries.add(Entry.put("k:81", 8, ""));
    return entries;
  }

  private static String hexDump(byte[] bytes) {
    var dump = new StringBuilder();
    for (int at = 0; at < bytes.length; at += HEX_LINE_BYTES) {
      int end = Math.min(bytes.length, at + HEX_LINE_BYTES);
      dump.append("%06x: ".formatted(at));
      dump.append(HexFormat.ofDelimiter(" ").formatHex(bytes, at, end)).append('\n');
    }
    return dump.toString();
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            TableFormatFixtureTest.class.getResourceAsStream(FOLDER + name), name)) {
      return in.readAllBytes();
    }
  }
}
