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
/// Order of durable steps: the file's size and its header are safe before it has its name (an old
/// segment gets the header under its old name, which recovery no longer reads), and the name is
/// safe before the segment is used. So a power cut can leave a file that is short or has no header
/// only if nothing was ever written to it; anything else is damage.
final class SegmentMaker {
  /// What one step prepares.
  static final long STEP_BYTES = 4 << 20;

  /// What one step allocates and syncs: syncs of the log wait behind it at the disk.
  private static final long SYNCED_STEP_BYTES = 512 << 10;

  /// At the end of a file that is to have a size.
  private static final long LAST_BYTES = 8;

  private final FileSystem files;
  private final UUID storeUuid;
  private final long number;
  private final long wantedBytes;
  private final long aheadBytes;
  private final boolean isWhole;
  private final boolean isRecycling;
  private String name;
  private long blocks;
  private @Nullable PositionedFile file;
  private @Nullable LogSegment segment;

  /// @param old segment to make it of, or null for a new file
  /// @param aheadBytes how much of it is prepared
  /// @param isWhole whether all of it gets blocks, with a sync
  SegmentMaker(
      FileSystem files,
      UUID storeUuid,
      @Nullable Spare old,
      long number,
      long wantedBytes,
      long aheadBytes,
      boolean isWhole) {
    this.files = files;
    this.storeUuid = storeUuid;
    this.number = number;
    this.wantedBytes = wantedBytes;
    this.aheadBytes = aheadBytes;
    this.isWhole = isWhole;
    isRecycling = old != null;
    blocks = old == null ? LogGroupFormat.FIRST_OFFSET : old.blocks();
    name = FileName.log(old == null ? number : old.number());
  }

  /// A file that is no longer needed.
  ///
  /// @param blocks where its hole begins; `bytes` if it has none
  record Spare(long number, long bytes, long blocks) {}

  boolean isRecycling() {
    return isRecycling;
  }

  /// Does the next step; the segment after the last one.
  @Nullable LogSegment step() {
    LogSegment made = segment;
    if (made != null) {
      made.prepare(STEP_BYTES);
      return made.isShort() ? null : made;
    }
    PositionedFile open = file;
    if (open == null) {
      file = files.openPositioned(name, !isRecycling);
      return null;
    }
    return isWhole ? stepToWhole(open) : begin(open);
  }

  /// Leaves no hole. Each step has its zeroes on disk before the next one: a sync of all of them
  /// would keep the disk from those of the log for as long as that takes.
  private @Nullable LogSegment stepToWhole(PositionedFile open) {
    long size = open.size();
    if (isRecycling && blocks < size) {
      long from = blocks;
      blocks = Math.min(size, from + SYNCED_STEP_BYTES);
      open.zero(from, blocks);
      open.sync();
      return null;
    }
    if (size < wantedBytes) {
      open.preallocate(Math.min(wantedBytes, size + SYNCED_STEP_BYTES));
      open.sync();
      return null;
    }
    blocks = size;
    return publish(open, size);
  }

  /// Leaves a hole but for the first blocks, which get zeroes when nothing syncs them any more.
  private @Nullable LogSegment begin(PositionedFile open) {
    long size = open.size();
    if (size < wantedBytes) {
      size = wantedBytes;
      open.zero(size - LAST_BYTES, size);
    }
    return publish(open, size);
  }

  private @Nullable LogSegment publish(PositionedFile unnamed, long size) {
    PositionedFile open = unnamed;
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
    long prepared = isRecycling ? LogGroupFormat.FIRST_OFFSET : blocks;
    var made = new LogSegment(number, size, prepared, blocks, open);
    made.want(aheadBytes);
    segment = made;
    return made.isShort() ? null : made;
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
