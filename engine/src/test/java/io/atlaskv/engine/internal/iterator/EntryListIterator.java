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
public final class EntryListIterator implements InternalIterator {
  private final List<Entry> entries;
  private final BooleanSupplier misses;
  private final Arena arena = Arena.ofAuto();
  private byte[] key = new byte[0];
  private MemorySegment value = MemorySegment.NULL;
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
  public boolean isValid() {
    return at >= 0 && at < entries.size();
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
  public boolean isOlderVersion() {
    return entries.get(at).key().equals(entries.get(at - 1).key());
  }

  @Override
  public void prev() {
    assert isValid() : "not valid";
    moveTo(at - 1);
  }

  private void moveTo(int to) {
    Arrays.fill(key, (byte) 0xdb);
    if (value.byteSize() > 0) {
      value.fill((byte) 0xdb);
    }
    if (misses.getAsBoolean()) {
      at = -1;
      throw NeedsBlocks.INSTANCE;
    }
    at = to;
    if (isValid()) {
      key = entries.get(at).key().toArray();
      byte[] bytes = entries.get(at).value().toArray();
      value = arena.allocate(Math.max(1, bytes.length));
      MemorySegment.copy(bytes, 0, value, ValueLayout.JAVA_BYTE, 0, bytes.length);
    }
  }

  @Override
  public byte[] keyBuffer() {
    return key;
  }

  @Override
  public int keyLength() {
    return entries.get(at).key().length();
  }

  @Override
  public long trailer() {
    return entries.get(at).trailer();
  }

  @Override
  public MemorySegment valueSegment() {
    return value;
  }

  @Override
  public long valueOffset() {
    return 0;
  }

  @Override
  public int valueLength() {
    return entries.get(at).value().length();
  }

  @Override
  public void close() {
    at = -1;
  }
}
