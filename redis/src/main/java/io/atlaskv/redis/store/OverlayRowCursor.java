package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.KeyBytes;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Rows of the store and of a batch over it, merged: a row of the batch hides the store's, and a
/// deletion in it hides what it covers. Shows both as they were when the cursor was made, whatever
/// is written while it walks.
///
/// Invariants:
/// - R1: forwards, `base` and `own[at]` are each the first of their side not before the current
///   row; backwards the last ones not after it. The side that is not current lies behind it.
final class OverlayRowCursor implements RowCursor {
  private final RowCursor base;
  private final OverlayBatch overlay;
  private final DeletedRanges ranges;
  private final int[] own;
  private int at;
  private int baseState = Reader.ABSENT;
  private boolean isForward = true;
  private boolean isOwn;
  private byte[] ownKey = new byte[64];

  OverlayRowCursor(RowCursor base, OverlayBatch overlay, byte[] lower, byte[] upper) {
    this.base = base;
    this.overlay = overlay;
    ranges = overlay.ranges();
    int[] all = overlay.sorted();
    int from = lowerBound(overlay, all, lower, lower.length);
    own =
        Arrays.copyOfRange(
            all, from, Math.max(from, lowerBound(overlay, all, upper, upper.length)));
  }

  /// Place of the first row at or after a key.
  private static int lowerBound(OverlayBatch overlay, int[] rows, byte[] key, int length) {
    int low = 0;
    int high = rows.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (overlay.compareKey(rows[middle], key, length) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @Override
  public int first() {
    isForward = true;
    at = 0;
    baseState = base.first();
    return settle();
  }

  @Override
  public int last() {
    isForward = false;
    at = own.length - 1;
    baseState = base.last();
    return settle();
  }

  @Override
  public int seek(byte[] key, int offset, int length) {
    byte[] target = Arrays.copyOfRange(key, offset, offset + length);
    isForward = true;
    at = lowerBound(overlay, own, target, length);
    baseState = base.seek(target, 0, length);
    return settle();
  }

  @Override
  public int seekForPrev(byte[] key, int offset, int length) {
    byte[] target = Arrays.copyOfRange(key, offset, offset + length);
    isForward = false;
    at = lowerBound(overlay, own, target, length);
    if (at == own.length || overlay.compareKey(own[at], target, length) > 0) {
      at--;
    }
    baseState = base.seekForPrev(target, 0, length);
    return settle();
  }

  @Override
  public int next() {
    if (!isForward) {
      byte[] current = Arrays.copyOf(key(), keyLength());
      int state = seek(current, 0, current.length); // it is there: this finds it again
      if (state != Reader.FOUND) {
        return state;
      }
    }
    step();
    return settle();
  }

  @Override
  public int prev() {
    if (isForward) {
      byte[] current = Arrays.copyOf(key(), keyLength());
      int state = seekForPrev(current, 0, current.length);
      if (state != Reader.FOUND) {
        return state;
      }
    }
    step();
    return settle();
  }

  /// Leaves the current row.
  private void step() {
    if (isOwn) {
      at += isForward ? 1 : -1;
    } else {
      stepBase();
    }
  }

  private void stepBase() {
    baseState = isForward ? base.next() : base.prev();
  }

  /// Goes on to the next row that is not hidden, and says which side has it.
  private int settle() {
    while (true) {
      skipDeleted();
      if (baseState == Reader.NEEDS_BLOCKS) {
        return baseState;
      }
      boolean hasOwn = at >= 0 && at < own.length;
      if (!hasOwn) {
        isOwn = false;
        return baseState;
      }
      if (baseState == Reader.FOUND) {
        int order = overlay.compareKey(own[at], base.key(), base.keyLength());
        if (order == 0) {
          stepBase(); // hidden
          continue;
        }
        if (order > 0 == isForward) {
          isOwn = false;
          return Reader.FOUND;
        }
      }
      if (overlay.isPut(own[at])) {
        takeOwnKey();
        isOwn = true;
        return Reader.FOUND;
      }
      at += isForward ? 1 : -1;
    }
  }

  /// Passes over rows of the store that a deleted range covers.
  private void skipDeleted() {
    while (baseState == Reader.FOUND) {
      DeletedRanges.Range range = ranges.at(base.key(), 0, base.keyLength());
      if (range == null) {
        return;
      }
      byte[] start = range.start();
      if (isForward) {
        baseState = base.seek(range.end(), 0, range.end().length);
      } else if (KeyBytes.compare(base.key(), 0, base.keyLength(), start, 0, start.length) == 0) {
        baseState = base.prev();
      } else {
        baseState = base.seekForPrev(start, 0, start.length);
      }
    }
  }

  private void takeOwnKey() {
    int length = overlay.keyLength(own[at]);
    if (ownKey.length < length) {
      ownKey = new byte[2 * length];
    }
    overlay.copyKey(own[at], ownKey);
  }

  @Override
  public byte[] key() {
    return isOwn ? ownKey : base.key();
  }

  @Override
  public int keyLength() {
    return isOwn ? overlay.keyLength(own[at]) : base.keyLength();
  }

  @Override
  public MemorySegment valueSegment() {
    return isOwn ? overlay.segment() : base.valueSegment();
  }

  @Override
  public long valueOffset() {
    return isOwn ? overlay.valueOffset(own[at]) : base.valueOffset();
  }

  @Override
  public int valueLength() {
    return isOwn ? overlay.valueLength(own[at]) : base.valueLength();
  }

  @Override
  public void close() {
    base.close();
  }
}
