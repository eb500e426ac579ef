package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.Position;
import java.lang.foreign.MemorySegment;

/// Cursor over an ordered memtable. Walks over private copies of the tree's leaves, one at a time,
/// so that it needs nothing from the writer while it stays in one.
final class MemtableIterator extends Position implements InternalIterator {
  private static final byte[] SMALLEST_KEY = new byte[0];

  /// Key nodes that are read together: they lie anywhere, and cache misses that wait for each other
  /// are most of what a scan costs.
  private static final int READ_AHEAD = 8;

  private final Memtable memtable;
  private final EntryLog log;
  private final PackedTree tree;
  private final TreeNodeBuffer leaf;
  private byte[] fence = new byte[64];
  private int index; // in the leaf
  private final int[] versions = new int[READ_AHEAD]; // newest ones of a few keys of the leaf
  private int versionsFrom; // index in the leaf of the first of them
  private int versionsTo;
  private int newest; // version of the key here, when the iterator came to it
  private int version;
  private long offset; // of the version, in `valueSegment`
  private boolean isClosed;

  MemtableIterator(Memtable memtable, EntryLog log, PackedTree tree) {
    this.memtable = memtable;
    this.log = log;
    this.tree = tree;
    leaf = new TreeNodeBuffer(log);
    keyBuffer = new byte[64];
    memtable.retain();
  }

  @Override
  public Position position() {
    return this;
  }

  @Override
  public void seekToFirst() {
    seek(SMALLEST_KEY, 0, 0);
  }

  @Override
  public void seekToLast() {
    tree.loadLastLeaf(leaf);
    versionsTo = 0;
    enterFromAfter(leaf.count - 1);
  }

  @Override
  public void seek(byte[] target, int targetOffset, int length) {
    tree.loadLeafAt(target, targetOffset, length, leaf);
    versionsTo = 0;
    enterFromBefore(leaf.firstAtOrAfter(target, targetOffset, length));
  }

  @Override
  public void seekForPrev(byte[] target, int targetOffset, int length) {
    tree.loadLeafAt(target, targetOffset, length, leaf);
    versionsTo = 0;
    int at = leaf.firstAtOrAfter(target, targetOffset, length);
    boolean isThere =
        at < leaf.count && log.keyEquals(leaf.references[at], target, targetOffset, length);
    enterFromAfter(isThere ? at : at - 1);
  }

  @Override
  public void next() {
    int older = EntryDescriptor.older(valueSegment, offset);
    isOlderVersion = older != 0;
    if (isOlderVersion) {
      enterVersion(older);
    } else {
      enterFromBefore(index + 1);
    }
  }

  @Override
  public void prev() {
    if (version == newest) {
      enterFromAfter(index - 1);
      return;
    }
    int newer = newest;
    while (true) { // by trailer, not by reference: the version here may have been skipped meanwhile
      int older = EntryDescriptor.older(log.memory(newer), EntryLog.offset(newer));
      if (older == 0
          || InternalKey.compareTrailers(
                  trailer, EntryDescriptor.trailer(log.memory(older), EntryLog.offset(older)))
              <= 0) {
        break;
      }
      newer = older;
    }
    enterVersion(newer);
  }

  @Override
  public void close() {
    if (!isClosed) {
      isClosed = true;
      isValid = false;
      valueSegment = MemorySegment.NULL;
      memtable.release();
    }
  }

  /// Goes to the newest version of a key of the leaf, or of the first one after it.
  private void enterFromBefore(int at) {
    index = at;
    if (index == leaf.count) {
      if (leaf.upperFence == 0) {
        isValid = false;
        return;
      }
      int length = copyFence(leaf.upperFence);
      tree.loadLeafAt(fence, 0, length, leaf); // it begins with just this key
      index = 0;
      versionsTo = 0;
    }
    if (index >= versionsTo || index < versionsFrom) {
      readVersions(index, Math.min(index + READ_AHEAD, leaf.count));
    }
    enterKey();
    enterVersion(newest);
  }

  /// Goes to the oldest version of a key of the leaf, or of the last one before it.
  private void enterFromAfter(int at) {
    index = at;
    if (index < 0) {
      if (leaf.lowerFence == 0) {
        isValid = false;
        return;
      }
      int length = copyFence(leaf.lowerFence);
      tree.loadLeafBefore(fence, 0, length, leaf);
      index = leaf.count - 1;
      versionsTo = 0;
    }
    if (index >= versionsTo || index < versionsFrom) {
      readVersions(Math.max(0, index + 1 - READ_AHEAD), index + 1);
    }
    enterKey();
    int oldest = newest;
    while (true) {
      int older = EntryDescriptor.older(log.memory(oldest), EntryLog.offset(oldest));
      if (older == 0) {
        break;
      }
      oldest = older;
    }
    enterVersion(oldest);
  }

  private void readVersions(int from, int to) {
    for (int i = from; i < to; i++) {
      int node = leaf.references[i];
      versions[i - from] = EntryDescriptor.newest(log.memory(node), EntryLog.offset(node));
    }
    versionsFrom = from;
    versionsTo = to;
  }

  private void enterKey() {
    int node = leaf.references[index];
    keyLength = log.keyLength(node);
    if (keyBuffer.length < keyLength) {
      keyBuffer = new byte[Math.max(keyLength, 2 * keyBuffer.length)];
    }
    log.copyKey(node, keyLength, keyBuffer);
    newest = versions[index - versionsFrom];
  }

  private void enterVersion(int entered) {
    version = entered;
    valueSegment = log.memory(entered);
    offset = EntryLog.offset(entered);
    trailer = EntryDescriptor.trailer(valueSegment, offset);
    valueOffset = offset + EntryDescriptor.VERSION_BYTES;
    valueLength = EntryDescriptor.valueLength(EntryDescriptor.link(valueSegment, offset));
    isValid = true;
  }

  private int copyFence(int node) {
    int length = log.keyLength(node);
    if (fence.length < length) {
      fence = new byte[Math.max(length, 2 * fence.length)];
    }
    log.copyKey(node, length, fence);
    return length;
  }
}
