package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.iterator.Position;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Decides which versions a merge keeps. Sees all entries in internal order.
///
/// Rules, for a version in stripe s (`Snapshots`):
/// - a newer version of the key in s makes it needless,
/// - so does a newer range tombstone over the key in s,
/// - a value of the last stripe, which no snapshot sees, is what the `ValueFilter` makes of it,
/// - a version that is due is a tombstone from here on, of the same sequence: readers hide it
///   already, whatever their snapshot,
/// - a tombstone in stripe 0 is needless when nothing below can hold the key: whatever it hides is
///   in stripe 0, too, and goes by the first rule.
final class VersionFilter {
  /// Answer of `keep` for an entry that nobody needs.
  static final long DROP = -1;

  private final Snapshots snapshots;
  private final RangeTombstones tombstones;
  private final BottomCheck bottom;
  private final long nowMillis;
  private final ValueFilter values;
  private final boolean asksValues;
  private final boolean zeroesSequences;
  private @Nullable MemorySegment replacement;

  private byte[] key = new byte[0]; // of the entry it looks at
  private int keyLength;
  private long lastStripe;
  private boolean isShadowed;

  // the stretch of keys around the last one looked up that `fragment` holds for
  private int fragment = -1;
  private byte @Nullable [] fragmentStart;
  private byte @Nullable [] fragmentEnd;

  /// @param tombstones of all inputs; those that the merge drops count as well
  /// @param nowMillis entries that expire by then are due
  /// @param values `ValueFilter.NONE` costs nothing
  VersionFilter(
      Snapshots snapshots,
      RangeTombstones tombstones,
      BottomCheck bottom,
      long nowMillis,
      ValueFilter values) {
    this.values = values;
    this.asksValues = values.asks();
    this.nowMillis = nowMillis;
    this.snapshots = snapshots;
    this.tombstones = tombstones;
    this.bottom = bottom;
    this.zeroesSequences = bottom.isBottom();
  }

  /// Looks at the next entry; returns the trailer to write, or `DROP`. That of a tombstone may come
  /// in place of that of a value.
  ///
  /// @param isOlder whether its key is that of the entry before
  long keep(Position entry, boolean isOlder) {
    long trailer = entry.trailer();
    key = entry.keyBuffer();
    keyLength = entry.keyLength();
    replacement = null;
    if (!isOlder) {
      lastStripe = -1;
      isShadowed = false;
    }
    long sequence = InternalKey.sequence(trailer);
    long stripe = snapshots.stripe(sequence);
    if (stripe == lastStripe) {
      return DROP;
    }
    lastStripe = stripe;
    if (!tombstones.isEmpty() && isHidden(sequence, stripe)) {
      return DROP;
    }
    if (InternalKey.kind(trailer) == ValueKind.PUT_EXPIRING && isDue(entry)) {
      trailer = InternalKey.pack(sequence, ValueKind.DELETE);
    }
    if (asksValues
        && stripe == snapshots.lastStripe()
        && !isShadowed
        && InternalKey.kind(trailer) != ValueKind.DELETE) {
      trailer = filtered(trailer, entry);
    }
    if (stripe == 0) {
      if (InternalKey.kind(trailer) == ValueKind.DELETE) {
        return bottom.isBottomFor(key, keyLength) ? DROP : trailer;
      }
      if (zeroesSequences) {
        return InternalKey.pack(0, InternalKey.kind(trailer));
      }
    }
    return trailer;
  }

  /// What is to be written as the value of the last entry in place of its own; null for its own.
  @Nullable MemorySegment replacement() {
    return replacement;
  }

  @SuppressWarnings("ReferenceEquality") // KEEP is told by its identity
  private long filtered(long trailer, Position entry) {
    boolean expires = InternalKey.kind(trailer) == ValueKind.PUT_EXPIRING;
    int header = expires ? ExpiringValue.HEADER_BYTES : 0;
    long offset = entry.valueOffset();
    byte[] answer =
        values.filter(
            key, keyLength, entry.valueSegment(), offset + header, entry.valueLength() - header);
    if (answer == null) {
      return InternalKey.pack(InternalKey.sequence(trailer), ValueKind.DELETE);
    }
    if (answer != ValueFilter.KEEP) {
      MemorySegment changed = Arena.ofAuto().allocate(Math.max(1, header + answer.length));
      MemorySegment.copy(entry.valueSegment(), offset, changed, 0, header);
      MemorySegment.copy(answer, 0, changed, Layouts.BYTE, header, answer.length);
      replacement = changed.asSlice(0, header + answer.length);
    }
    return trailer;
  }

  private boolean isDue(Position entry) {
    return ExpiringValue.isDue(
        ExpiringValue.expiresAt(entry.valueSegment(), entry.valueOffset()), nowMillis);
  }

  /// Whether a newer version of the last entry's key was written.
  boolean isShadowed() {
    return isShadowed;
  }

  /// To be told when a version is written.
  void written() {
    isShadowed = true;
  }

  /// Whether a range tombstone of the same stripe is newer.
  private boolean isHidden(long sequence, long stripe) {
    if (!isInStretch()) {
      findStretch();
    }
    if (fragment < 0) {
      return false;
    }
    for (int i = tombstones.sequenceCount(fragment) - 1; i >= 0; i--) {
      long tombstone = tombstones.sequence(fragment, i);
      if (tombstone > sequence) { // the oldest one that is newer: the others are in later stripes
        return snapshots.stripe(tombstone) == stripe;
      }
    }
    return false;
  }

  private boolean isInStretch() {
    byte[] start = fragmentStart;
    byte[] end = fragmentEnd;
    return start != null
        && KeyBytes.compare(start, 0, start.length, key, 0, keyLength) <= 0
        && (end == null || KeyBytes.compare(key, 0, keyLength, end, 0, end.length) < 0);
  }

  private void findStretch() {
    int next = tombstones.firstEndingAfter(key, 0, keyLength);
    if (next < tombstones.fragments()) {
      byte[] start = tombstones.start(next);
      if (KeyBytes.compare(start, 0, start.length, key, 0, keyLength) <= 0) {
        fragment = next;
        fragmentStart = start;
        fragmentEnd = tombstones.end(next);
        return;
      }
      fragmentEnd = start;
    } else {
      fragmentEnd = null;
    }
    fragment = -1;
    fragmentStart = next == 0 ? new byte[0] : tombstones.end(next - 1);
  }
}
