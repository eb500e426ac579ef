package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.KeyBytes;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;

/// A node of a `PackedTree` on the heap, sorted: the writer's workbench and the private copy that
/// an iterator walks over while the tree changes.
final class TreeNodeBuffer {
  /// Key nodes in the order of their keys; of an inner node, its separators.
  final int[] references = new int[TreeNodeDescriptor.LEAF_ENTRIES_MAX + 1];

  /// 8 bytes of each key after the common prefix.
  final long[] keys = new long[TreeNodeDescriptor.LEAF_ENTRIES_MAX + 1];

  /// Children of an inner node.
  final int[] children = new int[TreeNodeDescriptor.CHILDREN_MAX + 1];

  /// Number of references.
  int count;

  /// Length of the common prefix of the keys.
  int prefixLength;

  /// First key that may be in this leaf; 0 if it is the first leaf.
  int lowerFence;

  /// First key after this leaf; 0 if it is the last leaf.
  int upperFence;

  private final byte[] prefix = new byte[TreeNodeDescriptor.PREFIX_BYTES_MAX];
  private final EntryLog log;

  TreeNodeBuffer(EntryLog log) {
    this.log = log;
  }

  /// Copies a leaf and sorts what was appended to it. What a reader gets of a node that is retired
  /// meanwhile is arbitrary: false, or true with nonsense, until it has checked the generation.
  boolean loadLeaf(MemorySegment memory, long node) {
    count = TreeNodeDescriptor.count(memory, node);
    int sorted = Math.min(TreeNodeDescriptor.sorted(memory, node), count);
    prefixLength = TreeNodeDescriptor.prefixLength(memory, node);
    TreeNodeDescriptor.loadPrefix(memory, node, prefixLength, prefix);
    TreeNodeDescriptor.loadKeys(memory, node, count, keys);
    TreeNodeDescriptor.loadReferences(memory, node, count, references);
    VarHandle.acquireFence(); // the log must be looked at as it was when it had these references
    for (int i = sorted; i < count; i++) {
      long key = keys[i];
      int reference = references[i];
      if (reference == 0) {
        return false;
      }
      int to = placeOf(key, reference, i);
      System.arraycopy(keys, to, keys, to + 1, i - to);
      System.arraycopy(references, to, references, to + 1, i - to);
      keys[to] = key;
      references[to] = reference;
    }
    return true;
  }

  /// Copies an inner node; for the writer, whom nothing disturbs.
  void loadInner(MemorySegment memory, long node) {
    count = TreeNodeDescriptor.count(memory, node);
    prefixLength = TreeNodeDescriptor.prefixLength(memory, node);
    TreeNodeDescriptor.loadPrefix(memory, node, prefixLength, prefix);
    TreeNodeDescriptor.loadKeys(memory, node, count, keys);
    TreeNodeDescriptor.loadReferences(memory, node, count, references);
    TreeNodeDescriptor.loadChildren(memory, node, count + 1, children);
  }

  /// Inserts a reference before the one at `index`. False if its key does not begin with the
  /// prefix: then the keys here are of no use any more.
  boolean insert(int index, int reference) {
    System.arraycopy(keys, index, keys, index + 1, count - index);
    System.arraycopy(references, index, references, index + 1, count - index);
    references[index] = reference;
    count++;
    if (!log.keyStartsWith(reference, prefix, prefixLength)) {
      return false;
    }
    keys[index] = log.prefix8(reference, prefixLength);
    return true;
  }

  /// Begins an inner node with two children.
  void startInner(int left, int separator, int right) {
    count = 1;
    prefixLength = 0;
    references[0] = separator;
    children[0] = left;
    children[1] = right;
  }

  /// Begins an empty node without a prefix.
  void start() {
    count = 0;
    prefixLength = 0;
  }

  /// Adds a reference behind the others; the node must then be stored with an unknown prefix.
  void add(int reference) {
    references[count++] = reference;
  }

  /// Inserts a child before the one at `index`; the count of references already includes its own.
  void insertChild(int index, int child) {
    System.arraycopy(children, index, children, index + 1, count - index);
    children[index] = child;
  }

  /// Index of the first key of this leaf at or after the given one.
  int firstAtOrAfter(byte[] key, int offset, int length) {
    int common = KeyBytes.mismatch(key, offset, prefix, 0, Math.min(length, prefixLength));
    if (common < prefixLength) {
      boolean isBefore =
          common == length || (key[offset + common] & 0xff) < (prefix[common] & 0xff);
      return isBefore ? 0 : count;
    }
    long rest = KeyBytes.prefix8(key, offset + prefixLength, length - prefixLength);
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(keys[middle], rest);
      if (order == 0) {
        order = -log.compareKey(key, offset, length, references[middle]);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Writes a part of this to a leaf that nobody reads yet.
  void storeLeaf(MemorySegment memory, long node, int from, int to, boolean isPrefixUnknown) {
    storeReferences(memory, node, from, to, isPrefixUnknown);
    TreeNodeDescriptor.sorted(memory, node, to - from);
    TreeNodeDescriptor.publishCount(memory, node, to - from);
  }

  /// Writes separators `[from, to)` and the children around them to an inner node that nobody reads
  /// yet.
  void storeInner(MemorySegment memory, long node, int from, int to, boolean isPrefixUnknown) {
    storeReferences(memory, node, from, to, isPrefixUnknown);
    for (int i = from; i <= to; i++) {
      TreeNodeDescriptor.publishChild(memory, node, i - from, children[i]);
    }
    TreeNodeDescriptor.publishCount(memory, node, to - from);
  }

  /// Keeps the prefix as it is, as long as the 8 bytes after it tell the keys apart well; to find
  /// the longest one takes a look at every key.
  private void storeReferences(
      MemorySegment memory, long node, int from, int to, boolean isPrefixUnknown) {
    VarHandle.releaseFence(); // whoever reads this by accident must know the log as it is now
    int newPrefix = prefixLength;
    boolean isRederived = isPrefixUnknown;
    if (!isRederived && to - from > 1 && (keys[from] ^ keys[to - 1]) >>> Integer.SIZE == 0) {
      isRederived = true;
    }
    if (isRederived) {
      int longest =
          to - from > 1
              ? log.commonPrefix(
                  references[from], references[to - 1], 0, TreeNodeDescriptor.PREFIX_BYTES_MAX)
              : 0;
      isRederived = isPrefixUnknown || longest > prefixLength;
      newPrefix = isRederived ? longest : prefixLength;
    }
    if (newPrefix > 0) {
      log.copyKey(references[from], newPrefix, memory, TreeNodeDescriptor.prefixOffset(node));
    }
    TreeNodeDescriptor.prefixLength(memory, node, newPrefix);
    for (int i = from; i < to; i++) {
      long key = isRederived ? log.prefix8(references[i], newPrefix) : keys[i];
      TreeNodeDescriptor.key(memory, node, i - from, key);
      TreeNodeDescriptor.reference(memory, node, i - from, references[i]);
    }
  }

  /// Where a key belongs among the first `length`, which are sorted.
  private int placeOf(long key, int reference, int length) {
    int low = 0;
    int high = length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(keys[middle], key);
      if (order == 0) {
        int other = references[middle];
        order = other == 0 ? 1 : log.compareKeys(other, reference);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
