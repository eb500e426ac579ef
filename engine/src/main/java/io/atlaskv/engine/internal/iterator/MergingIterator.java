package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import java.util.Arrays;
import java.util.List;

/// Several sorted sources as one: entries of all children in internal order.
///
/// The children stand in a binary heap, with 8 bytes of each one's key as a number and the position
/// it stands at, so that a move costs two virtual calls into one child and, while the winner stays
/// the winner, two comparisons; none when only one child is left.
///
/// Invariants:
/// - M1: `heap[0, live)` holds the valid children, `heap[0]` the one the iterator stands on.
/// - M2: going forward all other children stand behind the current entry, going backward all stand
///   before it.
/// - M3: entries equal in key and trailer come in the order of the children.
/// - M4: nothing is allocated by a move, but for growth of the key buffer when direction changes.
/// - M5: `positions[c]` is where child c stands if it is in the heap.
public final class MergingIterator implements InternalIterator {
  private static final Seek TO_FIRST = (child, _, _, _) -> child.seekToFirst();
  private static final Seek TO_LAST = (child, _, _, _) -> child.seekToLast();
  private static final byte[] NO_KEY = new byte[0];

  /// Moves one child; captures nothing (M4).
  @FunctionalInterface
  private interface Seek {
    void move(InternalIterator child, byte[] key, int offset, int length);
  }

  private final InternalIterator[] children;
  private final long[] prefixes;
  private final Position[] positions;
  private final int[] heap;
  private final int commonLength;
  private int live;
  private boolean isForward = true;
  private byte[] keptKey = new byte[64]; // of the entry left by a turn or by `next`

  /// @param children newest source first; closed with this iterator
  public MergingIterator(List<InternalIterator> children) {
    this(children, 0);
  }

  /// As above, for children whose keys all begin with the same `commonLength` bytes, which need not
  /// be compared.
  public MergingIterator(List<InternalIterator> children, int commonLength) {
    this.commonLength = commonLength;
    int count = children.size();
    this.children = children.toArray(InternalIterator[]::new);
    prefixes = new long[count];
    positions = new Position[count];
    Arrays.fill(positions, Position.NOWHERE);
    heap = new int[count];
  }

  @Override
  public boolean isValid() {
    return live > 0;
  }

  /// Which child the iterator stands on, as an index of the list given at construction.
  public int child() {
    assert live > 0 : "not valid";
    return heap[0];
  }

  @Override
  public void seekToFirst() {
    seek(true, TO_FIRST, NO_KEY, 0, 0);
  }

  @Override
  public void seekToLast() {
    seek(false, TO_LAST, NO_KEY, 0, 0);
  }

  @Override
  public void seek(byte[] key, int offset, int length) {
    seek(true, InternalIterator::seek, key, offset, length);
  }

  @Override
  public void seekForPrev(byte[] key, int offset, int length) {
    seek(false, InternalIterator::seekForPrev, key, offset, length);
  }

  /// A child that lacks blocks does not keep the others from telling what they lack: all of it is
  /// fetched together.
  private void seek(boolean forward, Seek seek, byte[] key, int offset, int length) {
    begin(forward);
    boolean isMissing = false;
    for (int child = 0; child < children.length; child++) {
      try {
        seek.move(children[child], key, offset, length);
        push(child);
      } catch (NeedsBlocks _) {
        isMissing = true;
      }
    }
    if (isMissing) {
      live = 0;
      throw NeedsBlocks.INSTANCE;
    }
    heapify();
  }

  @Override
  public void next() {
    assert live > 0 : "not valid";
    if (!isForward) {
      turnForward();
    }
    int left = heap[0];
    InternalIterator child = children[left];
    if (live == 1) { // all that comes is from this child
      child.next();
      if (!load(left)) {
        live = 0;
      }
      return;
    }
    int length = rememberKey(left);
    child.next();
    reload();
    int top = heap[0];
    if (live > 0 && top != left) {
      Position position = positions[top];
      position.isOlderVersion(
          position.keyLength() == length
              && KeyBytes.equal(position.keyBuffer(), 0, keptKey, 0, length));
    }
  }

  @Override
  public void prev() {
    assert live > 0 : "not valid";
    if (isForward) {
      turnBackward();
    }
    children[heap[0]].prev();
    reload();
  }

  /// Moves only the child that the iterator stands on, to its first entry at or after `key`, which
  /// sorts after the current one: skips what the caller knows to be dead in this child. Only while
  /// moving forward.
  public void seekChild(byte[] key, int offset, int length) {
    assert live > 0 && isForward : "not valid, or moving backward";
    children[heap[0]].seek(key, offset, length);
    reload();
  }

  /// As `seekChild`, backward: moves the child to its last entry before `key`, which sorts at or
  /// before the current one.
  public void seekChildBefore(byte[] key, int offset, int length) {
    assert live > 0 && !isForward : "not valid, or moving forward";
    InternalIterator child = children[heap[0]];
    child.seek(key, offset, length);
    if (child.isValid()) {
      child.prev();
    } else {
      child.seekToLast();
    }
    reload();
  }

  /// First 8 bytes of the key after what all keys begin with, as a big-endian number.
  long prefix() {
    return prefixes[heap[0]];
  }

  @Override
  public Position position() {
    return live > 0 ? positions[heap[0]] : Position.NOWHERE;
  }

  @Override
  public void close() {
    live = 0;
    for (InternalIterator child : children) {
      child.close();
    }
  }

  private void begin(boolean forward) {
    live = 0;
    isForward = forward;
  }

  private void push(int child) {
    if (load(child)) {
      heap[live++] = child;
    }
  }

  /// Notes where a child stands now; false if nowhere.
  private boolean load(int child) {
    Position position = children[child].position();
    if (!position.isValid()) {
      return false;
    }
    positions[child] = position;
    prefixes[child] =
        KeyBytes.prefix8(position.keyBuffer(), commonLength, position.keyLength() - commonLength);
    return true;
  }

  /// Restores the heap after the child on top has moved.
  private void reload() {
    int child = heap[0];
    if (!load(child)) {
      live--;
      heap[0] = heap[live];
      if (live == 0) {
        return;
      }
    }
    siftDown(0);
  }

  private void heapify() {
    for (int i = (live >>> 1) - 1; i >= 0; i--) {
      siftDown(i);
    }
  }

  private void siftDown(int start) {
    int at = start;
    int child = heap[at];
    while (true) {
      int next = 2 * at + 1;
      if (next >= live) {
        break;
      }
      if (next + 1 < live && isBefore(heap[next + 1], heap[next])) {
        next++;
      }
      if (!isBefore(heap[next], child)) {
        break;
      }
      heap[at] = heap[next];
      at = next;
    }
    heap[at] = child;
  }

  /// Whether one child comes before another in the direction of travel.
  private boolean isBefore(int left, int right) {
    long leftPrefix = prefixes[left];
    long rightPrefix = prefixes[right];
    if (leftPrefix != rightPrefix) {
      return Long.compareUnsigned(leftPrefix, rightPrefix) < 0 == isForward;
    }
    Position one = positions[left];
    Position other = positions[right];
    int order =
        InternalKey.compare(
            one.keyBuffer(),
            0,
            one.keyLength(),
            one.trailer(),
            other.keyBuffer(),
            0,
            other.keyLength(),
            other.trailer());
    if (order == 0) {
      order = left - right;
    }
    return order < 0 == isForward;
  }

  /// Moves all children but the current one behind the current entry (M2).
  private void turnForward() {
    int current = heap[0];
    int length = rememberKey(current);
    long trailer = positions[current].trailer();
    begin(true);
    heap[live++] = current;
    for (int child = 0; child < children.length; child++) {
      if (child != current) {
        InternalIterator source = children[child];
        source.seek(keptKey, 0, length);
        while (source.isValid() && order(source.position(), child, length, trailer, current) < 0) {
          source.next();
        }
        push(child);
      }
    }
    heapify();
    assert heap[0] == current : "the current entry is no longer the first";
  }

  /// Moves all children but the current one before the current entry (M2).
  private void turnBackward() {
    int current = heap[0];
    int length = rememberKey(current);
    long trailer = positions[current].trailer();
    begin(false);
    heap[live++] = current;
    for (int child = 0; child < children.length; child++) {
      if (child != current) {
        InternalIterator source = children[child];
        source.seekForPrev(keptKey, 0, length);
        while (source.isValid() && order(source.position(), child, length, trailer, current) > 0) {
          source.prev();
        }
        push(child);
      }
    }
    heapify();
    assert heap[0] == current : "the current entry is no longer the last";
  }

  private int rememberKey(int child) {
    Position position = positions[child];
    int length = position.keyLength();
    if (keptKey.length < length) {
      keptKey = new byte[Math.max(length, 2 * keptKey.length)];
    }
    System.arraycopy(position.keyBuffer(), 0, keptKey, 0, length);
    return length;
  }

  /// Order of the entry at a position and the one the turn started from.
  private int order(Position position, int child, int length, long trailer, int current) {
    int order =
        InternalKey.compare(
            position.keyBuffer(),
            0,
            position.keyLength(),
            position.trailer(),
            keptKey,
            0,
            length,
            trailer);
    return order != 0 ? order : child - current;
  }
}
