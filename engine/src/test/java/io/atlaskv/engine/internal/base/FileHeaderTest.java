package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FileHeaderTest {
  private static final UUID STORE = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);
  private static final String FILE = "000012.sst";

  private final MemorySegment bytes = Arena.ofAuto().allocate(FileHeader.BYTES);

  private FileHeader decode() {
    return FileHeader.decode(FILE, bytes, FileFormat.TABLE);
  }

  /// A header of the future: everything as `header` says, checksum included.
  private AtlasException refused(FileHeader header) {
    header.encode(bytes, 0);
    return assertThrows(UnsupportedFormatException.class, this::decode);
  }

  private static FileHeader header(int version, int readOnly, int incompatible, long keyLow) {
    return new FileHeader(
        FileFormat.TABLE, version, 0x40, readOnly, incompatible, STORE, 12, 0, keyLow);
  }

  @Test
  void everyFormatIsReadBack() {
    for (FileFormat format : FileFormat.values()) {
      FileHeader header = FileHeader.of(format, STORE, 1L << 40);
      header.encode(bytes, 0);
      FileHeader found = FileHeader.decode(FILE, bytes, format);
      assertEquals(header, found);
      found.requireIdentity(FILE, STORE, 1L << 40);
      found.requireWritable(FILE);
    }
  }

  /// Files of released versions hold these bytes: if this fails, the format has changed.
  @Test
  void bytesAreFixed() {
    FileHeader.of(FileFormat.TABLE, STORE, 12).encode(bytes, 0);
    assertEquals(
        "41544c4153535354" // ATLASSST
            + "01000000000000000000000000000000"
            + "efcdab89674523011032547698badcfe"
            + "0c00000000000000"
            + "0000000000000000"
            + "0000000000000000"
            + "0fbf0094"
            + "00000000",
        HexFormat.of().formatHex(bytes.toArray(Layouts.BYTE)));
  }

  @Test
  void everyFlippedBitIsDetected() {
    FileHeader.of(FileFormat.TABLE, STORE, 12).encode(bytes, 0);
    for (int at = 0; at < FileHeader.BYTES; at++) {
      for (int mask = 1; mask < 256; mask <<= 1) {
        flip(at, mask);
        var failure = assertThrows(CorruptionException.class, this::decode, "byte " + at);
        assertEquals(FILE, failure.file());
        flip(at, mask);
      }
    }
    decode();
  }

  private void flip(int at, int mask) {
    bytes.set(Layouts.BYTE, at, (byte) (bytes.get(Layouts.BYTE, at) ^ mask));
  }

  @Test
  void everyTruncationIsDetected() {
    FileHeader.of(FileFormat.TABLE, STORE, 12).encode(bytes, 0);
    for (int length = 0; length < FileHeader.BYTES; length++) {
      MemorySegment cut = bytes.asSlice(0, length);
      assertThrows(CorruptionException.class, () -> FileHeader.decode(FILE, cut, FileFormat.TABLE));
    }
  }

  @Test
  void anotherKindOfFileIsNamed() {
    FileHeader.of(FileFormat.LOG, STORE, 12).encode(bytes, 0);
    var failure = assertThrows(CorruptionException.class, this::decode);
    assertTrue(failure.getMessage().startsWith("000012.sst@0: not a table"), failure.getMessage());
  }

  @Test
  void laterVersionsAreRefusedAsSuch() {
    assertEquals(
        "000012.sst: table has format version 2, this release reads 1 to 1",
        refused(header(2, 0, 0, 0)).getMessage());
    assertEquals(
        "000012.sst: table has format version 0, this release reads 1 to 1",
        refused(header(0, 0, 0, 0)).getMessage());
    assertEquals(
        "000012.sst: table has format version 4294967295, this release reads 1 to 1",
        refused(header(-1, 0, 0, 0)).getMessage());
  }

  @Test
  void unknownIncompatibleFeaturesForbidReading() {
    assertEquals(
        "000012.sst: table needs features 0x80000002 that this release does not know",
        refused(header(1, 0, 0x80000003, 0)).getMessage());
    assertEquals("000012.sst: table is encrypted", refused(header(1, 0, 0, 1)).getMessage());
  }

  @Test
  void unknownReadOnlyFeaturesForbidOnlyWriting() {
    header(1, 0x10, 0, 0).encode(bytes, 0);
    FileHeader found = decode();
    assertEquals(0x40, found.compatibleFeatures());
    var failure = assertThrows(UnsupportedFormatException.class, () -> found.requireWritable(FILE));
    assertTrue(failure.getMessage().contains("read-only"), failure.getMessage());
  }

  @Test
  void filesOfAnotherStoreOrNumberAreRefused() {
    FileHeader header = FileHeader.of(FileFormat.TABLE, STORE, 12);
    UUID other = new UUID(1, 2);
    var store =
        assertThrows(CorruptionException.class, () -> header.requireIdentity(FILE, other, 12));
    assertEquals("000012.sst@24: expected store " + other + ", found " + STORE, store.getMessage());
    var number =
        assertThrows(CorruptionException.class, () -> header.requireIdentity(FILE, STORE, 13));
    assertEquals("000012.sst@40: expected file number 13, found 12", number.getMessage());
  }
}
