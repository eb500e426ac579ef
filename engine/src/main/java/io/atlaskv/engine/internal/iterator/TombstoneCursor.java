package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstones;
import org.jspecify.annotations.Nullable;

/// Looks up one source's range tombstones for a reader that moves through the keys in order: keeps
/// the stretch of keys the last answer holds for, so that most lookups are one or two comparisons.
public final class TombstoneCursor {
  private static final byte[] NOTHING = new byte[0];

  private final RangeTombstones tombstones;
  private final long snapshot;
  private final int source;
  private byte @Nullable [] from; // the answer holds for [from, to); null = unbounded
  private byte @Nullable [] to;
  private byte[] fragmentStart = NOTHING;
  private byte[] fragmentEnd = NOTHING;
  private long sequence = RangeTombstones.NONE;
  private boolean hasAnswer;

  /// @param source which source the tombstones belong to; smaller is newer
  public TombstoneCursor(RangeTombstones tombstones, long snapshot, int source) {
    this.tombstones = tombstones;
    this.snapshot = snapshot;
    this.source = source;
  }

  /// Which source the tombstones belong to.
  public int source() {
    return source;
  }

  /// Sequence of the newest tombstone that the snapshot sees and that covers the key; `NONE` if
  /// there is none.
  public long covering(byte[] key, int length) {
    if (!hasAnswer || !isAnswered(key, length)) {
      lookUp(key, length);
    }
    return sequence;
  }

  /// First key after the tombstone fragment that the last answer came from.
  public byte[] end() {
    assert sequence != RangeTombstones.NONE : "no tombstone";
    return fragmentEnd;
  }

  /// First key of the tombstone fragment that the last answer came from.
  public byte[] start() {
    assert sequence != RangeTombstones.NONE : "no tombstone";
    return fragmentStart;
  }

  private boolean isAnswered(byte[] key, int length) {
    byte[] start = from;
    byte[] end = to;
    return (end == null || KeyBytes.compare(key, 0, length, end, 0, end.length) < 0)
        && (start == null || KeyBytes.compare(key, 0, length, start, 0, start.length) >= 0);
  }

  private void lookUp(byte[] key, int length) {
    int fragment = tombstones.firstEndingAfter(key, 0, length);
    hasAnswer = true;
    if (fragment < tombstones.fragments()) {
      byte[] start = tombstones.start(fragment);
      if (KeyBytes.compare(start, 0, start.length, key, 0, length) <= 0) {
        fragmentStart = start;
        fragmentEnd = tombstones.end(fragment);
        from = fragmentStart;
        to = fragmentEnd;
        sequence = newestVisible(fragment);
        return;
      }
      to = start;
    } else {
      to = null;
    }
    from = fragment == 0 ? null : tombstones.end(fragment - 1);
    sequence = RangeTombstones.NONE;
  }

  private long newestVisible(int fragment) {
    for (int i = 0; i < tombstones.sequenceCount(fragment); i++) {
      long candidate = tombstones.sequence(fragment, i);
      if (candidate <= snapshot) {
        return candidate;
      }
    }
    return RangeTombstones.NONE;
  }
}
