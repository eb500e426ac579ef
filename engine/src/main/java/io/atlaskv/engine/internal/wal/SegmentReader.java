package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.MemorySegment;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Reads the groups of one segment. Nothing it reads is trusted: any bytes may be there.
final class SegmentReader implements AutoCloseable {
  /// What lies at a place where a group may begin.
  enum Found {
    /// A group written for this place; the accessors tell of it.
    GROUP,
    /// Bytes that tell of no group: zeroes, or what was there before.
    NOTHING,
    /// A group written for this place, but not as it was written; `detail` says what differs.
    DAMAGED_GROUP,
    /// The end of the file, where a segment never ends.
    END_OF_FILE
  }

  private static final int ZEROES_BYTES = 4 * Long.BYTES;

  private final String name;
  private final long number;
  private final long salt;
  private final ReadFile file;
  private final long size;
  private final LogWindows windows;
  private LogWindow window;
  private @Nullable CorruptionException headerDamage;
  private boolean isHeaderAbsent;
  private String detail = "";
  private int kind;
  private int batches;
  private long firstSequence;
  private long durableThrough;
  private int payloadBytes;
  private long offset;

  /// @param windows memory to read into, shared by readers that are used one after the other
  SegmentReader(FileSystem files, UUID storeUuid, long number, LogWindows windows) {
    this.number = number;
    this.windows = windows;
    name = FileName.log(number);
    salt = LogGroupFormat.salt(storeUuid);
    file = files.openRead(name);
    try {
      size = file.size();
      int headerBytes = (int) Math.min(size, LogSegmentHeader.BYTES);
      window = fill(0, headerBytes);
      readHeader(storeUuid, window.memory().asSlice(0, headerBytes));
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private void readHeader(UUID storeUuid, MemorySegment header) {
    isHeaderAbsent = isZero(header);
    try {
      LogSegmentHeader.verify(name, header, storeUuid, number, size);
    } catch (CorruptionException e) {
      headerDamage = e;
    }
  }

  private static boolean isZero(MemorySegment bytes) {
    for (long i = 0; i < bytes.byteSize(); i++) {
      if (bytes.get(Layouts.BYTE, i) != 0) {
        return false;
      }
    }
    return true;
  }

  String name() {
    return name;
  }

  long number() {
    return number;
  }

  /// What is wrong with the segment header; null if nothing is.
  @Nullable CorruptionException headerDamage() {
    return headerDamage;
  }

  /// True if there is no segment header at all, as in a file that was never finished.
  boolean isHeaderAbsent() {
    return isHeaderAbsent;
  }

  /// Looks at the place `at`.
  ///
  /// @param expectedSequence what a group here would begin with; 0 if that is not known
  Found read(long at, long expectedSequence) {
    offset = at;
    if (size - at < LogGroupFormat.HEADER_BYTES) {
      detail = "expected a group or room for one, found the end of the file at " + size;
      return Found.END_OF_FILE;
    }
    load(at, LogGroupFormat.HEADER_BYTES);
    int kindAndTag = window.intAt(at + LogGroupFormat.KIND_OFFSET);
    kind = LogGroupFormat.kind(kindAndTag);
    payloadBytes = window.intAt(at + LogGroupFormat.LENGTH_OFFSET);
    batches = window.intAt(at + LogGroupFormat.BATCHES_OFFSET);
    firstSequence = window.longAt(at + LogGroupFormat.FIRST_SEQUENCE_OFFSET);
    durableThrough = window.longAt(at + LogGroupFormat.DURABLE_THROUGH_OFFSET);
    int seed = LogGroupFormat.seed(salt, number, at);
    boolean hasTag = LogGroupFormat.hasTag(kindAndTag, seed);
    boolean isPlausible =
        LogGroupFormat.isPlausible(kind, payloadBytes, batches, firstSequence, durableThrough);
    if (!hasTag) {
      detail = "group header: expected tag " + hex(seed) + ", found " + hex(kindAndTag);
      boolean isExpected = expectedSequence != 0 && firstSequence == expectedSequence;
      return isExpected ? Found.DAMAGED_GROUP : Found.NOTHING;
    }
    if (!isPlausible) {
      detail = "group header: fields contradict each other";
      return Found.DAMAGED_GROUP;
    }
    long bytesInFile = LogGroupFormat.bytes(payloadBytes);
    if (bytesInFile > size - at) {
      detail = "group of " + bytesInFile + " bytes runs over the end of the file at " + size;
      return Found.DAMAGED_GROUP;
    }
    return verify(at, (int) bytesInFile, seed);
  }

  private Found verify(long at, int bytesInFile, int seed) {
    load(at, bytesInFile);
    int expected = window.intAt(at) ^ seed;
    int found = window.checksum(at + LogGroupFormat.LENGTH_OFFSET, at + bytesInFile);
    if (expected != found) {
      detail = "group: expected crc " + hex(expected) + ", found " + hex(found);
      return Found.DAMAGED_GROUP;
    }
    return Found.GROUP;
  }

  private static String hex(int value) {
    return Integer.toHexString(value);
  }

  /// Offset of the next group that is intact, at `from` or behind; -1 if there is none. The
  /// accessors tell of it.
  long find(long from) {
    for (long at = LogGroupFormat.align(from); at + LogGroupFormat.HEADER_BYTES <= size; ) {
      load(at, LogGroupFormat.HEADER_BYTES);
      long last = window.end() - LogGroupFormat.HEADER_BYTES;
      long candidate = skip(at, last);
      if (candidate <= last && read(candidate, 0) == Found.GROUP) {
        return candidate;
      }
      at = candidate <= last ? candidate + LogGroupFormat.ALIGNMENT : candidate;
    }
    return -1;
  }

  /// First place from `at` on, or beyond `last`, with a tag; all of it is in the window.
  private long skip(long at, long last) {
    long place = at;
    while (place <= last) {
      int kindAndTag = window.intAt(place + LogGroupFormat.KIND_OFFSET);
      if (kindAndTag == 0) {
        place = skipZeroes(place, last);
      } else if (LogGroupFormat.hasTag(kindAndTag, LogGroupFormat.seed(salt, number, place))) {
        break;
      }
      place += LogGroupFormat.ALIGNMENT;
    }
    return place;
  }

  /// Last place from `at` on that has zeroes where a kind would be, not looking further than needed
  /// to be fast where there is nothing else.
  private long skipZeroes(long at, long last) {
    long place = at;
    while (place + ZEROES_BYTES <= last
        && (window.longAt(place + LogGroupFormat.KIND_OFFSET)
                | window.longAt(place + LogGroupFormat.KIND_OFFSET + Long.BYTES)
                | window.longAt(place + LogGroupFormat.KIND_OFFSET + 2 * Long.BYTES)
                | window.longAt(place + LogGroupFormat.KIND_OFFSET + 3 * Long.BYTES))
            == 0) {
      place += ZEROES_BYTES;
    }
    return place == at ? at : place - LogGroupFormat.ALIGNMENT;
  }

  /// Forgets what was read: somebody may have written since.
  void refresh() {
    window = windows.next(0);
  }

  /// Brings `[at, at + bytes)`, which is inside the file, into the window.
  private void load(long at, int bytes) {
    if (!window.holds(at, bytes)) {
      window = fill(at, bytes);
    }
  }

  private LogWindow fill(long at, int bytes) {
    int wanted = (int) Math.min(size - at, Math.max(bytes, windows.windowBytes()));
    LogWindow next = windows.next(wanted);
    next.fill(number, file, at, wanted);
    if (next.bytes() < bytes) {
      throw new CorruptionException(
          name, at, "expected " + bytes + " bytes, found " + next.bytes());
    }
    return next;
  }

  /// Why the last place read is no group.
  String detail() {
    return detail;
  }

  int kind() {
    return kind;
  }

  int batches() {
    return batches;
  }

  long firstSequence() {
    return firstSequence;
  }

  long durableThrough() {
    return durableThrough;
  }

  /// When the group was written.
  long timeMillis() {
    return window.longAt(offset + LogGroupFormat.TIME_OFFSET);
  }

  /// The bytes in which `payloadOffset` counts; valid until the next read.
  MemorySegment memory() {
    return window.memory();
  }

  long payloadOffset() {
    return offset - window.start() + LogGroupFormat.HEADER_BYTES;
  }

  int payloadBytes() {
    return payloadBytes;
  }

  /// Where the place after the group begins.
  long nextOffset() {
    return offset + LogGroupFormat.bytes(payloadBytes);
  }

  /// Has the group replayed.
  ///
  /// @param sequence must be safe for it to be so
  void replay(long sequence) {
    window.addIntact(offset, nextOffset(), sequence);
  }

  @Override
  public void close() {
    file.close();
  }
}
