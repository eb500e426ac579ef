package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// `COMMITTED`: how much of the manifest has been synced. Without it a manifest whose last record
/// is damaged or cut off looks like one whose last record was being written when the power went.
///
/// Written after each sync of the manifest, itself synced only when an open begins a manifest, and
/// at close: it survives a killed process, and after a power cut it may be older than the manifest,
/// which does no harm. The two slots are written in turn, so a torn write leaves the mark before.
/// What does not verify is taken for not there: the mark only ever adds knowledge.
///
/// ```
/// offset  size  field
///      0    72  FileHeader, file number 0
///    512    24  slot 0
///   1024    24  slot 1
///
/// slot:
///      0     8  file number of the manifest
///      8     8  bytes of it that are synced
///     16     4  CRC32C of bytes 0..15, seeded with the store UUID and the slot's offset
///     20     4  zero
/// ```
final class CommittedMark implements AutoCloseable {
  static final int SECTOR_BYTES = 512;
  static final int SLOTS = 2;
  static final int SLOT_BYTES = 24;
  static final int MANIFEST_NUMBER_OFFSET = 0;
  static final int LENGTH_OFFSET = 8;
  static final int CRC_OFFSET = 16;
  static final int PAD_OFFSET = 20;
  static final int FILE_BYTES = SECTOR_BYTES * (1 + SLOTS);

  private static final long FILE_NUMBER = 0;

  /// What the file says.
  ///
  /// @param manifestNumber file number of the manifest last written to
  /// @param length bytes of that manifest that were synced at least
  record Content(long manifestNumber, long length) {
    boolean isAfter(Content other) {
      return manifestNumber > other.manifestNumber
          || (manifestNumber == other.manifestNumber && length > other.length);
    }
  }

  private final PositionedFile file;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment slot = arena.allocate(SLOT_BYTES);
  private final ByteBuffer slotBuffer = slot.asByteBuffer();
  private final UUID storeUuid;
  private int nextSlot;

  private CommittedMark(PositionedFile file, UUID storeUuid) {
    this.file = file;
    this.storeUuid = storeUuid;
  }

  /// The newest mark in the file, null if there is none.
  static @Nullable Content read(FileSystem files, UUID storeUuid) {
    if (!files.exists(FileName.COMMITTED)) {
      return null;
    }
    try (var arena = Arena.ofConfined()) {
      MemorySegment bytes = WholeFile.read(files, FileName.COMMITTED, arena);
      FileHeader.decode(FileName.COMMITTED, bytes, FileFormat.COMMITTED)
          .requireIdentity(FileName.COMMITTED, storeUuid, FILE_NUMBER);
      int slot = newestSlot(bytes, storeUuid);
      return slot < 0 ? null : readSlot(bytes, slotOffset(slot), storeUuid);
    } catch (CorruptionException | UnsupportedFormatException e) {
      return null;
    }
  }

  /// Number of the slot with the newest mark; −1 if there is none.
  private static int newestSlot(MemorySegment bytes, UUID storeUuid) {
    int slot = -1;
    Content newest = null;
    for (int i = 0; i < SLOTS; i++) {
      Content content = readSlot(bytes, slotOffset(i), storeUuid);
      if (content != null && (newest == null || content.isAfter(newest))) {
        newest = content;
        slot = i;
      }
    }
    return slot;
  }

  private static @Nullable Content readSlot(MemorySegment bytes, long offset, UUID storeUuid) {
    if (bytes.byteSize() < offset + SLOT_BYTES) {
      return null;
    }
    int crc = Checksum.crc32c(bytes, offset, CRC_OFFSET) ^ seed(storeUuid, offset);
    if (bytes.get(Layouts.LE_INT, offset + CRC_OFFSET) != crc) {
      return null;
    }
    return new Content(
        bytes.get(Layouts.LE_LONG, offset + MANIFEST_NUMBER_OFFSET),
        bytes.get(Layouts.LE_LONG, offset + LENGTH_OFFSET));
  }

  /// Tells what of the file is not as it was written. The store opens without it, and then cannot
  /// tell a manifest that was cut from one that a crash tore.
  static void verify(FileSystem files, UUID storeUuid, Consumer<Finding> findings) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment bytes = WholeFile.read(files, FileName.COMMITTED, arena);
      if (isZero(bytes, 0, bytes.byteSize())) { // a crash while the store was made leaves that
        findings.accept(Finding.note(FileName.COMMITTED, 0, "nothing was written to it yet"));
        return;
      }
      try {
        FileHeader.decode(FileName.COMMITTED, bytes, FileFormat.COMMITTED)
            .requireIdentity(FileName.COMMITTED, storeUuid, FILE_NUMBER);
      } catch (CorruptionException | UnsupportedFormatException e) {
        findings.accept(Finding.of(e, FileName.COMMITTED));
      }
      if (bytes.byteSize() < FILE_BYTES) {
        findings.accept(
            Finding.damage(
                FileName.COMMITTED,
                bytes.byteSize(),
                "expected " + FILE_BYTES + " bytes, found " + bytes.byteSize()));
      }
      long end = FileHeader.BYTES;
      for (int i = 0; i < SLOTS; i++) {
        long offset = slotOffset(i);
        verifyZeroes(bytes, end, offset, findings);
        verifySlot(bytes, offset, storeUuid, findings);
        end = offset + SLOT_BYTES;
      }
      verifyZeroes(bytes, end, bytes.byteSize(), findings);
    }
  }

  private static void verifySlot(
      MemorySegment bytes, long offset, UUID storeUuid, Consumer<Finding> findings) {
    long end = offset + SLOT_BYTES;
    if (bytes.byteSize() < end || isZero(bytes, offset, end)) {
      return;
    }
    if (readSlot(bytes, offset, storeUuid) == null) {
      int expected = bytes.get(Layouts.LE_INT, offset + CRC_OFFSET);
      int found = Checksum.crc32c(bytes, offset, CRC_OFFSET) ^ seed(storeUuid, offset);
      findings.accept(
          Finding.of(
              CorruptionException.checksum(FileName.COMMITTED, offset, expected, found),
              FileName.COMMITTED));
    }
    verifyZeroes(bytes, offset + PAD_OFFSET, end, findings);
  }

  private static void verifyZeroes(
      MemorySegment bytes, long from, long to, Consumer<Finding> findings) {
    long end = Math.min(to, bytes.byteSize());
    for (long at = from; at < end; at++) {
      int value = bytes.get(Layouts.BYTE, at) & 0xff;
      if (value != 0) {
        findings.accept(Finding.damage(FileName.COMMITTED, at, "expected 0, found " + value));
        return;
      }
    }
  }

  private static boolean isZero(MemorySegment bytes, long from, long to) {
    for (long at = from; at < to; at++) {
      if (bytes.get(Layouts.BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  /// Opens the file for writing, and makes it if need be. Old marks stay until they are
  /// overwritten.
  static CommittedMark open(FileSystem files, UUID storeUuid) {
    var mark = new CommittedMark(files.openPositioned(FileName.COMMITTED, true), storeUuid);
    try (var headerArena = Arena.ofShared()) {
      mark.file.preallocate(FILE_BYTES);
      MemorySegment header = headerArena.allocate(FileHeader.BYTES);
      FileHeader.of(FileFormat.COMMITTED, storeUuid, FILE_NUMBER).encode(header, 0);
      mark.file.write(0, header.asByteBuffer());
      return mark;
    } catch (Throwable e) {
      mark.close();
      throw e;
    }
  }

  /// Opens the file to go on behind its newest mark, which must be there.
  static CommittedMark reopen(FileSystem files, UUID storeUuid) {
    var mark = new CommittedMark(files.openPositioned(FileName.COMMITTED, false), storeUuid);
    try (var arena = Arena.ofConfined()) {
      MemorySegment bytes = WholeFile.read(files, FileName.COMMITTED, arena);
      mark.nextSlot = (newestSlot(bytes, storeUuid) + 1) % SLOTS;
      return mark;
    } catch (Throwable e) {
      mark.close();
      throw e;
    }
  }

  /// Notes that the first `length` bytes of a manifest are synced.
  void write(long manifestNumber, long length) {
    long offset = slotOffset(nextSlot);
    nextSlot = (nextSlot + 1) % SLOTS;
    slot.set(Layouts.LE_LONG, MANIFEST_NUMBER_OFFSET, manifestNumber);
    slot.set(Layouts.LE_LONG, LENGTH_OFFSET, length);
    slot.set(
        Layouts.LE_INT, CRC_OFFSET, Checksum.crc32c(slot, 0, CRC_OFFSET) ^ seed(storeUuid, offset));
    slot.set(Layouts.LE_INT, PAD_OFFSET, 0);
    file.write(offset, slotBuffer.clear());
  }

  /// Makes the marks written so far safe.
  void sync() {
    file.sync();
  }

  @Override
  public void close() {
    file.close();
    if (arena.scope().isAlive()) {
      arena.close();
    }
  }

  private static int seed(UUID storeUuid, long offset) {
    return Checksum.seed(
        storeUuid.getMostSignificantBits() ^ storeUuid.getLeastSignificantBits(), offset);
  }

  private static long slotOffset(int index) {
    return (long) SECTOR_BYTES * (1 + index);
  }
}
