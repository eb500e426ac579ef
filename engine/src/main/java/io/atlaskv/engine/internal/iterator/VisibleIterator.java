package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a snapshot sees of several sources: for each user key the newest version it sees, unless
/// that is a tombstone or a range tombstone hides it; within bounds; forward and backward.
///
/// Where a range tombstone of a newer source covers an older source, that source is moved past it
/// by one seek, so a deleted range costs the same however many entries it had.
///
/// Any move may throw `NeedsBlocks`: the iterator is then invalid and works again after a seek.
///
/// Invariants:
/// - S1: going forward, `merged` stands on the current entry.
/// - S2: going backward, `merged` stands before all versions of the current key (or nowhere), and
///   key and value of the current entry are in `savedKey` and `savedValue`.
/// - S3: sources come newest first: for any key, entries and tombstones of a source are newer than
///   those of later sources.
public final class VisibleIterator implements AutoCloseable {
  /// So many versions of a key are stepped over before a seek is tried.
  private static final int STEPS_MAX = 8;

  private static final int VALUE_BYTES_FIRST = 4 << 10;

  /// One source: a memtable, a table of level 0, or a whole deeper level.
  public record Source(InternalIterator entries, RangeTombstones tombstones) {}

  private final MergingIterator merged;
  private final TombstoneCursor[] tombstones;
  private final long snapshot;
  private final LongSupplier nowMillis;
  private final byte @Nullable [] lower;
  private final byte @Nullable [] upper;
  private final long upperPrefix; // 8 bytes, as `MergingIterator.prefix`

  private boolean isValid;
  private boolean isForward = true;
  private int headerBytes; // of the current entry: those of an `ExpiringValue`, or 0
  private byte[] savedKey = new byte[64];
  private int savedKeyLength;
  private long savedTrailer;
  private @Nullable NativeBuffer savedValue;
  private byte @Nullable [] hidingFragmentEnd;
  private byte @Nullable [] hidingFragmentStart;

  /// @param sources newest first (S3); their iterators are closed with this one
  /// @param nowMillis asked at each entry that expires
  /// @param lower first key that may be shown; null = no bound
  /// @param upper first key after those that may be shown; null = no bound
  public VisibleIterator(
      List<Source> sources,
      long snapshot,
      LongSupplier nowMillis,
      byte @Nullable [] lower,
      byte @Nullable [] upper) {
    var entries = new ArrayList<InternalIterator>(sources.size());
    var cursors = new ArrayList<TombstoneCursor>();
    for (int i = 0; i < sources.size(); i++) {
      entries.add(sources.get(i).entries());
      if (!sources.get(i).tombstones().isEmpty()) {
        cursors.add(new TombstoneCursor(sources.get(i).tombstones(), snapshot, i));
      }
    }
    this.merged = new MergingIterator(entries);
    this.tombstones = cursors.toArray(TombstoneCursor[]::new);
    this.snapshot = snapshot;
    this.nowMillis = nowMillis;
    this.lower = lower == null ? null : lower.clone();
    this.upper = upper == null ? null : upper.clone();
    this.upperPrefix = upper == null ? 0 : KeyBytes.prefix8(upper, 0, upper.length);
  }

  /// Whether the iterator stands on an entry.
  public boolean isValid() {
    return isValid;
  }

  /// Moves to the first entry.
  public void seekToFirst() {
    begin(true);
    if (lower != null) {
      merged.seek(lower, 0, lower.length);
    } else {
      merged.seekToFirst();
    }
    findForward();
  }

  /// Moves to the last entry.
  public void seekToLast() {
    begin(false);
    if (upper != null) {
      merged.seekForPrev(upper, 0, upper.length);
      while (merged.isValid() && !isBelowUpper(merged.keyBuffer(), merged.keyLength())) {
        merged.prev();
      }
    } else {
      merged.seekToLast();
    }
    findBackward();
  }

  /// Moves to the first entry at or after the key.
  public void seek(byte[] key, int offset, int length) {
    if (lower != null && KeyBytes.compare(key, offset, length, lower, 0, lower.length) < 0) {
      seekToFirst();
      return;
    }
    begin(true);
    merged.seek(key, offset, length);
    findForward();
  }

  /// Moves to the last entry at or before the key.
  public void seekForPrev(byte[] key, int offset, int length) {
    if (upper != null && KeyBytes.compare(key, offset, length, upper, 0, upper.length) >= 0) {
      seekToLast();
      return;
    }
    begin(false);
    merged.seekForPrev(key, offset, length);
    findBackward();
  }

  /// Moves to the next entry.
  public void next() {
    assert isValid : "not valid";
    if (isForward) {
      isValid = false;
      skipVersions();
    } else {
      begin(true);
      seekBehindSavedKey();
    }
    findForward();
  }

  /// Moves to the entry before.
  public void prev() {
    assert isValid : "not valid";
    isValid = false;
    if (isForward) {
      saveKey();
      isForward = false;
      merged.prev();
      while (merged.isValid() && isAtSavedKey()) {
        merged.prev();
      }
    }
    findBackward();
  }

  /// The array whose first `keyLength()` bytes are the user key, good until the next move.
  public byte[] keyBuffer() {
    return isForward ? merged.keyBuffer() : savedKey;
  }

  /// Length of the user key.
  public int keyLength() {
    return isForward ? merged.keyLength() : savedKeyLength;
  }

  /// Sequence of the version shown.
  public long sequence() {
    return InternalKey.sequence(isForward ? merged.trailer() : savedTrailer);
  }

  /// Memory that holds the value, good until the next move.
  public MemorySegment valueSegment() {
    NativeBuffer value = savedValue;
    return isForward || value == null ? merged.valueSegment() : value.segment();
  }

  /// Where the value starts in `valueSegment()`.
  public long valueOffset() {
    return (isForward ? merged.valueOffset() : 0) + headerBytes;
  }

  /// Length of the value.
  public int valueLength() {
    NativeBuffer value = savedValue;
    return (isForward || value == null ? merged.valueLength() : value.length()) - headerBytes;
  }

  /// When the value expires, in milliseconds since 1970; `Lookup.NEVER` if it does not.
  public long expiresAtMillis() {
    return headerBytes == 0
        ? Lookup.NEVER
        : ExpiringValue.expiresAt(valueSegment(), valueOffset() - headerBytes);
  }

  @Override
  public void close() {
    isValid = false;
    merged.close();
    if (savedValue != null) {
      savedValue.close();
      savedValue = null;
    }
  }

  private void begin(boolean forward) {
    isValid = false;
    isForward = forward;
  }

  /// Goes forward from an entry that is the newest of its key, or the newest but for some that the
  /// snapshot does not see, to the next one to be shown.
  private void findForward() {
    while (merged.isValid()) {
      Position position = merged.position();
      byte[] key = position.keyBuffer();
      int length = position.keyLength();
      if (!isBelowUpper(key, length)) {
        return;
      }
      long trailer = position.trailer();
      if (InternalKey.sequence(trailer) > snapshot) {
        merged.next();
      } else if (isHidden(key, length, InternalKey.sequence(trailer))) {
        byte[] end = hidingFragmentEnd;
        if (end != null) {
          merged.seekChild(end, 0, end.length);
        } else {
          skipVersions();
        }
      } else if (InternalKey.kind(trailer) == ValueKind.PUT) {
        headerBytes = 0;
        isValid = true;
        return;
      } else if (isShownUnlessDue(trailer)) {
        isValid = true;
        return;
      } else {
        skipVersions();
      }
    }
  }

  /// Goes backward from an entry that is the oldest of its key to the next one to be shown.
  private void findBackward() {
    while (merged.isValid() && !isValid) {
      if (lower != null
          && KeyBytes.compare(merged.keyBuffer(), 0, merged.keyLength(), lower, 0, lower.length)
              < 0) {
        return;
      }
      isValid = showSavedKey();
    }
  }

  /// Saves the key `merged` stands on and what the snapshot sees of it, and moves before it; false
  /// if the snapshot sees nothing.
  private boolean showSavedKey() {
    saveKey();
    boolean isShown = false;
    int steps = 0;
    while (merged.isValid() && isAtSavedKey()) {
      long sequence = InternalKey.sequence(merged.trailer());
      if (steps++ == STEPS_MAX) {
        return showSavedKeyBySeek();
      }
      if (sequence <= snapshot) {
        boolean isHidden = isHidden(savedKey, savedKeyLength, sequence);
        byte[] start = hidingFragmentStart;
        if (isHidden && start != null) {
          merged.seekChildBefore(start, 0, start.length);
          continue;
        }
        isShown = !isHidden && isShown(merged.trailer());
        if (isShown) {
          saveEntry();
        }
      }
      merged.prev();
    }
    return isShown;
  }

  /// As `showSavedKey`, for a key of many versions: starts at the newest.
  private boolean showSavedKeyBySeek() {
    merged.seek(savedKey, 0, savedKeyLength);
    while (merged.isValid()
        && isAtSavedKey()
        && InternalKey.sequence(merged.trailer()) > snapshot) {
      merged.next();
    }
    boolean isShown =
        merged.isValid()
            && isAtSavedKey()
            && isShown(merged.trailer())
            && !isHidden(savedKey, savedKeyLength, InternalKey.sequence(merged.trailer()));
    if (isShown) {
      saveEntry();
    }
    merged.seek(savedKey, 0, savedKeyLength);
    merged.prev();
    return isShown;
  }

  private boolean isShown(long trailer) {
    if (InternalKey.kind(trailer) == ValueKind.PUT) {
      headerBytes = 0;
      return true;
    }
    return isShownUnlessDue(trailer);
  }

  /// Whether the version `merged` stands on, which is no plain value, is one that is not yet due.
  private boolean isShownUnlessDue(long trailer) {
    if (InternalKey.kind(trailer) == ValueKind.DELETE
        || ExpiringValue.isDue(
            ExpiringValue.expiresAt(merged.valueSegment(), merged.valueOffset()),
            nowMillis.getAsLong())) {
      return false;
    }
    headerBytes = ExpiringValue.HEADER_BYTES;
    return true;
  }

  /// Whether a range tombstone hides a version. If one of a newer source does, its bounds are
  /// noted: between them everything in the current child is dead.
  private boolean isHidden(byte[] key, int length, long sequence) {
    hidingFragmentEnd = null;
    hidingFragmentStart = null;
    boolean isHidden = false;
    for (TombstoneCursor cursor : tombstones) {
      if (cursor.covering(key, length) > sequence) {
        isHidden = true;
        if (cursor.source() < merged.child()) {
          hidingFragmentEnd = cursor.end();
          hidingFragmentStart = cursor.start();
          return true;
        }
      }
    }
    return isHidden;
  }

  /// Moves forward to the first entry with another user key.
  private void skipVersions() {
    for (int steps = 0; steps < STEPS_MAX; steps++) {
      merged.next();
      if (!merged.isValid() || !merged.isOlderVersion()) {
        return;
      }
    }
    saveKey();
    seekBehindSavedKey();
  }

  /// Moves to the first entry whose user key is after the saved one: at least that key and a zero.
  private void seekBehindSavedKey() {
    savedKey[savedKeyLength] = 0;
    merged.seek(savedKey, 0, savedKeyLength + 1);
  }

  private boolean isBelowUpper(byte[] key, int length) {
    return upper == null
        || Long.compareUnsigned(merged.prefix(), upperPrefix) < 0 // as almost always
        || KeyBytes.compare(key, 0, length, upper, 0, upper.length) < 0;
  }

  private boolean isAtSavedKey() {
    int length = merged.keyLength();
    return length == savedKeyLength && KeyBytes.equal(merged.keyBuffer(), 0, savedKey, 0, length);
  }

  private void saveKey() {
    int length = merged.keyLength();
    if (savedKey.length <= length) { // one byte more for seekBehindSavedKey
      savedKey = new byte[Math.max(length + 1, 2 * savedKey.length)];
    }
    System.arraycopy(merged.keyBuffer(), 0, savedKey, 0, length);
    savedKeyLength = length;
  }

  private void saveEntry() {
    savedTrailer = merged.trailer();
    NativeBuffer value = savedValue;
    if (value == null) {
      value = new NativeBuffer(VALUE_BYTES_FIRST, NativeBuffer.LIMIT_MAX);
      savedValue = value;
    }
    value.clear();
    value.put(merged.valueSegment(), merged.valueOffset(), merged.valueLength());
  }
}
