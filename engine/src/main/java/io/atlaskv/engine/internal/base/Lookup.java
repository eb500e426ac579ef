package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Answer to a point read, mutable and reused: one for each reader, never shared by threads.
///
/// Invariants:
/// - L1: the value's bytes are valid until `release` or the next answer, whichever comes first.
/// - L2: the pins taken over by `found` and `holdIn` are given back exactly once, in that order:
///   the memory of the first may go with the second.
public final class Lookup {
  /// Nothing here: ask the next older source.
  public static final int ABSENT = 0;

  /// A value; older sources must not be asked.
  public static final int FOUND = 1;

  /// A tombstone; older sources must not be asked.
  public static final int DELETED = 2;

  /// A value that expires, whose reader has still to ask the clock: `showUnlessDue`. Older sources
  /// must not be asked. Not 3, which is a memtable's answer that there is none.
  public static final int EXPIRING = 4;

  /// Whether a state is an answer, so that older sources must not be asked.
  public static boolean isAnswer(int state) {
    return state == FOUND || state == DELETED || state == EXPIRING;
  }

  /// Time of a value that does not expire.
  public static final long NEVER = Long.MAX_VALUE;

  private int state = ABSENT;
  private long sequence;
  private MemorySegment segment = MemorySegment.NULL;
  private long offset;
  private int length;
  private @Nullable Pin pin;
  private long pinToken;
  private @Nullable Pin holder;
  private long expiresAtMillis = NEVER;

  /// One of `ABSENT`, `FOUND`, `DELETED`, `EXPIRING`.
  public int state() {
    return state;
  }

  /// Sequence of the version found or of the tombstone; 0 if absent.
  public long sequence() {
    return sequence;
  }

  /// Kind of the version: `PUT` if found, otherwise `DELETE`.
  public byte kind() {
    return state == FOUND ? ValueKind.PUT : ValueKind.DELETE;
  }

  /// When the value found expires, in milliseconds since 1970; `NEVER` if it does not.
  public long expiresAtMillis() {
    return expiresAtMillis;
  }

  /// Numbers the version found anew: its source knows better.
  public void sequence(long known) {
    assert state != ABSENT;
    sequence = known;
  }

  /// Memory that holds the value.
  public MemorySegment segment() {
    return segment;
  }

  /// Where the value starts in `segment`.
  public long offset() {
    return offset;
  }

  /// Length of the value in bytes.
  public int length() {
    return length;
  }

  /// Answers with a value that is valid for as long as the caller holds its view.
  public void found(long foundSequence, MemorySegment value, long valueOffset, int valueLength) {
    found(foundSequence, value, valueOffset, valueLength, null, 0);
  }

  /// Answers with a value that is pinned; the pin now belongs to this object (L2).
  public void found(
      long foundSequence,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      @Nullable Pin owner,
      long token) {
    release();
    state = FOUND;
    sequence = foundSequence;
    segment = value;
    offset = valueOffset;
    length = valueLength;
    pin = owner;
    pinToken = token;
  }

  /// Turns the answer of a source that has just told a stored value by `found` into that of one
  /// that expires.
  ///
  /// @return false, and nothing is changed, if the bytes are too few
  public boolean expires() {
    assert state == FOUND;
    if (length < ExpiringValue.HEADER_BYTES) {
      return false;
    }
    state = EXPIRING;
    expiresAtMillis = ExpiringValue.expiresAt(segment, offset);
    offset += ExpiringValue.HEADER_BYTES;
    length -= ExpiringValue.HEADER_BYTES;
    return true;
  }

  /// Makes a value that expires a value, or a tombstone if it is due; returns the state.
  public int showUnlessDue(long nowMillis) {
    assert state == EXPIRING;
    if (ExpiringValue.isDue(expiresAtMillis, nowMillis)) {
      deleted(sequence);
    } else {
      state = FOUND;
    }
    return state;
  }

  /// Hands a pin over on what the value found lies in, or on what keeps the owner of its own pin
  /// (L2); this object has none yet.
  public void holdIn(Pin view) {
    assert (state == FOUND || state == EXPIRING) && holder == null;
    holder = view;
  }

  /// Takes the answer of another one over, pins included; that one is `ABSENT` afterwards.
  public void take(Lookup other) {
    release();
    state = other.state;
    sequence = other.sequence;
    segment = other.segment;
    offset = other.offset;
    length = other.length;
    expiresAtMillis = other.expiresAtMillis;
    pin = other.pin;
    pinToken = other.pinToken;
    holder = other.holder;
    other.pin = null;
    other.holder = null;
    other.release();
  }

  /// Answers with a tombstone.
  public void deleted(long tombstoneSequence) {
    release();
    state = DELETED;
    sequence = tombstoneSequence;
  }

  /// Answers that the key is unknown.
  public void absent() {
    release();
  }

  /// Drops value and pins; the state is `ABSENT` afterwards.
  public void release() {
    Pin owner = pin;
    if (owner != null) {
      pin = null;
      owner.unpin(pinToken);
    }
    Pin view = holder;
    if (view != null) {
      holder = null;
      view.unpin(0);
    }
    state = ABSENT;
    sequence = 0;
    segment = MemorySegment.NULL;
    offset = 0;
    length = 0;
    expiresAtMillis = NEVER;
  }
}
