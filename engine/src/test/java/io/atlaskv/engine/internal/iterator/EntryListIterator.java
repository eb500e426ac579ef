package io.atlaskv.engine.internal.iterator;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The plainest iterator: over a sorted list. Overwrites what it handed out before at each move, so
/// that a reader who keeps it too long is found.
public final class EntryListIterator extends Position implements InternalIterator {
  private final List<Entry> entries;
  private final BooleanSupplier misses;
  private final Arena arena = Arena.ofAuto();
  private int at = -1;

  /// @param entries in internal order
  public EntryListIterator(List<Entry> entries) {
    this(entries, () -> false);
  }

  /// @param misses asked at each move; true makes it throw `NeedsBlocks`
  public EntryListIterator(List<Entry> entries, BooleanSupplier misses) {
    this.entries = entries;
    this.misses = misses;
  }

  @Override
  public Position position() {
    return this;
  }

  @Override
  public void seekToFirst() {
    moveTo(0);
  }

  @Override
  public void seekToLast() {
    moveTo(entries.size() - 1);
  }

  @Override
  public void seek(byte[] target, int offset, int length) {
    Bytes wanted = Bytes.of(target, offset, length);
    int to = 0;
    while (to < entries.size() && entries.get(to).key().compareTo(wanted) < 0) {
      to++;
    }
    moveTo(to);
  }

  @Override
  public void seekForPrev(byte[] target, int offset, int length) {
    Bytes wanted = Bytes.of(target, offset, length);
    int to = entries.size() - 1;
    while (to >= 0 && entries.get(to).key().compareTo(wanted) > 0) {
      to--;
    }
    moveTo(to);
  }

  @Override
  public void next() {
    assert isValid() : "not valid";
    moveTo(at + 1);
  }

  @Override
  public void prev() {
    assert isValid() : "not valid";
    moveTo(at - 1);
  }

  private void moveTo(int to) {
    Arrays.fill(keyBuffer, (byte) 0xdb);
    if (valueSegment.byteSize() > 0) {
      valueSegment.fill((byte) 0xdb);
    }
    isValid = false;
    if (misses.getAsBoolean()) {
      throw NeedsBlocks.INSTANCE;
    }
    if (to >= 0 && to < entries.size()) {
      Entry entry = entries.get(to);
      isOlderVersion = to == at + 1 && to > 0 && entry.key().equals(entries.get(at).key());
      isValid = true;
      keyBuffer = entry.key().toArray();
      keyLength = keyBuffer.length;
      trailer = entry.trailer();
      byte[] bytes = entry.value().toArray();
      valueSegment = arena.allocate(Math.max(1, bytes.length));
      valueLength = bytes.length;
      MemorySegment.copy(bytes, 0, valueSegment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
    at = to;
  }

  @Override
  public void close() {
    isValid = false;
  }
}
