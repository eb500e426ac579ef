package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.Varint;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.manifest.Lineage;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// `BACKUP`: what a backup is, and its files with their checksums.
///
/// ```
/// offset  size  field
///      0    72  FileHeader; its file number is that of the backup
///     72     4  bytes of what follows the checksum
///     76     4  CRC32C of that, xor the seed of this place
///     80        time in milliseconds, last sequence, first sequence of the history,
///               bytes copied, time of the end in milliseconds, number of forks, then for each
///               fork: last sequence, id; number of files, then for each file:
///               length of the name, name, bytes, used bytes, checksum u32, checksum of the
///               end u32, flags (bit 0: history)
///
/// numbers are varints unless they have a width
/// ```
///
/// @param firstSequence the log segments of the backup hold all from here to the last sequence
/// @param copiedBytes what was copied; the other files are those of the backup before
/// @param endMillis all that the backup holds was written at this time or before, and all that came
///   after it at this time or later
/// @param lineage which copy of the store was backed up
record BackupList(
    UUID storeUuid,
    long number,
    long timeMillis,
    long lastSequence,
    long firstSequence,
    long copiedBytes,
    long endMillis,
    Lineage lineage,
    List<BackupFile> files) {
  private static final int LENGTH_OFFSET = FileHeader.BYTES;
  private static final int CRC_OFFSET = LENGTH_OFFSET + Integer.BYTES;
  private static final int CONTENT_OFFSET = CRC_OFFSET + Integer.BYTES;
  private static final int HISTORY = 1;
  private static final int BYTES_MAX = 1 << 30;

  BackupList {
    files = List.copyOf(files);
  }

  /// Whether all of it is also in the past of a store of this lineage.
  boolean isOf(Lineage other) {
    return lineage.agreesThrough(other, lastSequence);
  }

  /// What a user is told of it.
  BackupInfo info() {
    long bytes = files.stream().mapToLong(BackupFile::usedBytes).sum();
    return new BackupInfo(
        number,
        storeUuid,
        timeMillis,
        firstSequence,
        lastSequence,
        files.size(),
        bytes,
        copiedBytes);
  }

  /// Writes the file, and syncs it, but not its name.
  void write(FileSystem target) {
    try (var buffer = new NativeBuffer(4096, BYTES_MAX);
        var file = target.create(FileName.BACKUP)) {
      buffer.reserve(CONTENT_OFFSET);
      buffer.putVarint(timeMillis);
      buffer.putVarint(lastSequence);
      buffer.putVarint(firstSequence);
      buffer.putVarint(copiedBytes);
      buffer.putVarint(endMillis);
      buffer.putVarint(lineage.forks().size());
      for (Lineage.Fork fork : lineage.forks()) {
        buffer.putVarint(fork.lastSequence());
        buffer.putVarint(fork.id());
      }
      buffer.putVarint(files.size());
      for (BackupFile entry : files) {
        byte[] name = entry.name().getBytes(StandardCharsets.US_ASCII);
        buffer.putVarint(name.length);
        buffer.put(name, 0, name.length);
        buffer.putVarint(entry.bytes());
        buffer.putVarint(entry.usedBytes());
        buffer.putInt(entry.checksum());
        buffer.putInt(entry.endChecksum());
        buffer.putVarint(entry.isHistory() ? HISTORY : 0);
      }
      int length = buffer.length() - CONTENT_OFFSET;
      MemorySegment bytes = buffer.segment();
      FileHeader.of(FileFormat.BACKUP, storeUuid, number).encode(bytes, 0);
      buffer.patchInt(LENGTH_OFFSET, length);
      buffer.patchInt(CRC_OFFSET, crc(bytes, number, length));
      file.append(buffer.view());
      file.sync();
    }
  }

  private static int crc(MemorySegment bytes, long number, int length) {
    return Checksum.crc32c(bytes, CONTENT_OFFSET, length) ^ Checksum.seed(number, CRC_OFFSET);
  }

  /// Reads the file.
  ///
  /// @throws CorruptionException if it is damaged
  static BackupList read(FileSystem source, long number) {
    try (var arena = Arena.ofShared();
        var file = source.openRead(FileName.BACKUP)) {
      MemorySegment bytes = arena.allocate(Math.min(file.size(), BYTES_MAX));
      bytes = bytes.asSlice(0, file.read(0, bytes.asByteBuffer()));
      FileHeader header = FileHeader.decode(FileName.BACKUP, bytes, FileFormat.BACKUP);
      header.requireIdentity(FileName.BACKUP, header.storeUuid(), number);
      int length =
          bytes.byteSize() < CONTENT_OFFSET ? -1 : bytes.get(Layouts.LE_INT, LENGTH_OFFSET);
      if (length < 0 || length != bytes.byteSize() - CONTENT_OFFSET) {
        throw new CorruptionException(
            FileName.BACKUP, LENGTH_OFFSET, length + " bytes do not fill " + bytes.byteSize());
      }
      int expected = bytes.get(Layouts.LE_INT, CRC_OFFSET);
      int found = crc(bytes, number, length);
      if (expected != found) {
        throw CorruptionException.checksum(FileName.BACKUP, CRC_OFFSET, expected, found);
      }
      return new Reader(bytes).list(header.storeUuid(), number);
    }
  }

  /// Reads what a checksum has shown to be as it was written.
  private static final class Reader {
    private final MemorySegment bytes;
    private long at = CONTENT_OFFSET;

    Reader(MemorySegment bytes) {
      this.bytes = bytes;
    }

    BackupList list(UUID storeUuid, long number) {
      long timeMillis = varint();
      long lastSequence = varint();
      long firstSequence = varint();
      long copiedBytes = varint();
      long endMillis = varint();
      Lineage lineage = lineage();
      long count = varint();
      var files = new ArrayList<BackupFile>();
      for (long i = 0; i < count; i++) {
        byte[] name = new byte[(int) varint()];
        require(name.length);
        MemorySegment.copy(bytes, Layouts.BYTE, at, name, 0, name.length);
        at += name.length;
        files.add(
            new BackupFile(
                new String(name, StandardCharsets.US_ASCII),
                varint(),
                varint(),
                word(),
                word(),
                (varint() & HISTORY) != 0));
      }
      return new BackupList(
          storeUuid,
          number,
          timeMillis,
          lastSequence,
          firstSequence,
          copiedBytes,
          endMillis,
          lineage,
          files);
    }

    private Lineage lineage() {
      long count = varint();
      var forks = new ArrayList<Lineage.Fork>();
      for (long i = 0; i < count; i++) {
        forks.add(new Lineage.Fork(varint(), varint()));
      }
      return new Lineage(forks);
    }

    private long varint() {
      int size = Varint.sizeAt(bytes, at, bytes.byteSize());
      if (size == 0) {
        throw new CorruptionException(FileName.BACKUP, at, "malformed number");
      }
      long value = Varint.readLong(bytes, at, size);
      at += size;
      return value;
    }

    private int word() {
      require(Integer.BYTES);
      int value = bytes.get(Layouts.LE_INT, at);
      at += Integer.BYTES;
      return value;
    }

    private void require(int length) {
      if (length < 0 || length > bytes.byteSize() - at) {
        throw new CorruptionException(FileName.BACKUP, at, length + " bytes run over the end");
      }
    }
  }
}
