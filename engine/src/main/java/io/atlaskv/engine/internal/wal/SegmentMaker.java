package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.PositionedFile;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one segment, of a new file or of an old segment, in short steps.
///
/// Order of durable steps: all of the file's blocks and its header are safe before it has its name
/// (an old segment gets the header under its old name, which recovery no longer reads), and the
/// name is safe before the segment is used. So a power cut can leave a file that is short or has no
/// header only if nothing was ever written to it; anything else is damage.
final class SegmentMaker {
  private static final long EXTENSION_BYTES = 4 << 20;

  private final FileSystem files;
  private final UUID storeUuid;
  private final long number;
  private final long wantedBytes;
  private final boolean isRecycling;
  private String name;
  private @Nullable PositionedFile file;

  /// @param oldNumber segment to make it of, or `number` itself for a new file
  SegmentMaker(FileSystem files, UUID storeUuid, long oldNumber, long number, long wantedBytes) {
    this.files = files;
    this.storeUuid = storeUuid;
    this.number = number;
    this.wantedBytes = wantedBytes;
    isRecycling = oldNumber != number;
    name = FileName.log(oldNumber);
  }

  boolean isRecycling() {
    return isRecycling;
  }

  /// Does the next step; the segment after the last one.
  @Nullable LogSegment step() {
    PositionedFile open = file;
    if (open == null) {
      file = files.openPositioned(name, !isRecycling);
      return null;
    }
    long size = open.size();
    if (size < wantedBytes) {
      open.preallocate(Math.min(wantedBytes, size + EXTENSION_BYTES));
      return null;
    }
    writeHeader(open, size);
    open.sync();
    if (isRecycling) {
      open.close(); // a handle is for one name
      String newName = FileName.log(number);
      files.rename(name, newName);
      name = newName;
      open = files.openPositioned(newName, false);
      file = open;
    }
    files.syncDirectory();
    open.expectSmallWrites();
    return new LogSegment(number, size, open);
  }

  private void writeHeader(PositionedFile open, long size) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment header = arena.allocate(LogSegmentHeader.BYTES);
      LogSegmentHeader.encode(header, storeUuid, number, size);
      open.write(0, header.asByteBuffer());
    }
  }

  /// Gives up, and gives the space back as far as the file system lets.
  void abandon() {
    PositionedFile open = file;
    if (open != null) {
      open.close();
    }
    try {
      if (files.exists(name)) {
        files.delete(name);
      }
    } catch (StorageException _) {
      // the failure that led here is the one to tell; the file is swept at the next open
    }
  }
}
