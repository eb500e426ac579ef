package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.KeyBytes;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// Ordered index of a memtable: a B+-tree of packed nodes, see `TreeNodeDescriptor`, over the key
/// nodes of an `EntryLog`. Keys are only added.
///
/// One writer at a time; readers never wait for it. Published nodes change in two ways only, each
/// with one releasing store: a leaf takes another entry behind its sorted ones, or a child of an
/// inner node is replaced by a new node. Everything else (sorting a leaf, splitting) makes new
/// nodes.
///
/// Invariants:
/// - T1: a leaf covers the same range of keys for as long as it is in the tree.
/// - T2: a node's generation changes after it has left the tree and before it is used again. So a
///   reader that got a node from its parent, and then finds parent and slot unchanged, had the
///   right node of the right generation; what it reads is true if the generation is still the same
///   after.
/// - T3: all keys of a node begin with its prefix, and no leaf is empty, but for the first of a
///   tree.
final class PackedTree {
  /// Unsorted entries that a leaf may have: sorting costs the more often the less, reading the
  /// more.
  private static final int APPENDED_MAX = 8;

  /// Sorted entries with which a leaf is still good for a while.
  private static final int SORTED_MAX = TreeNodeDescriptor.LEAF_ENTRIES_MAX - APPENDED_MAX;

  private static final int HEIGHT_MAX = 12;

  private final EntryLog log;
  private final TreeNodePool nodes;

  /// Height << 32 | number of the root; a leaf has height 0.
  private volatile long root;

  // The rest belongs to the writer.
  private final TreeNodeBuffer buffer;
  private final TreeNodeBuffer innerBuffer;
  private final int[] pathNodes = new int[HEIGHT_MAX];
  private final int[] pathSlots = new int[HEIGHT_MAX];
  private byte[] key = new byte[256];

  PackedTree(EntryLog log, ChunkPool pool) {
    this.log = log;
    nodes = new TreeNodePool(pool);
    buffer = new TreeNodeBuffer(log);
    innerBuffer = new TreeNodeBuffer(log);
    root = nodes.allocateLeaf();
  }

  long heldBytes() {
    return nodes.heldBytes();
  }

  long usedBytes() {
    return nodes.usedBytes();
  }

  void release() {
    nodes.release();
  }

  /// Adds a key node. Its key must not be in the tree.
  void insert(int reference) {
    int length = log.keyLength(reference);
    if (key.length < length) {
      key = new byte[Math.max(length, 2 * key.length)];
    }
    log.copyKey(reference, length, key);
    int height = (int) (root >>> Integer.SIZE);
    int leaf = (int) root;
    for (int level = height; level > 0; level--) {
      MemorySegment memory = nodes.memory(leaf);
      long at = TreeNodePool.offset(leaf);
      int count = TreeNodeDescriptor.count(memory, at);
      int slot = slotOf(memory, at, count, key, 0, length, false);
      pathNodes[level] = leaf;
      pathSlots[level] = slot;
      leaf = TreeNodeDescriptor.child(memory, at, slot);
    }
    MemorySegment memory = nodes.memory(leaf);
    long at = TreeNodePool.offset(leaf);
    int count = TreeNodeDescriptor.count(memory, at);
    int prefixLength = TreeNodeDescriptor.prefixLength(memory, at);
    if (length >= prefixLength
        && KeyBytes.equal(key, 0, memory, TreeNodeDescriptor.prefixOffset(at), prefixLength)) {
      long rest = KeyBytes.prefix8(key, prefixLength, length - prefixLength);
      TreeNodeDescriptor.key(memory, at, count, rest);
      TreeNodeDescriptor.reference(memory, at, count, reference);
      TreeNodeDescriptor.publishCount(memory, at, count + 1);
      if (count + 1 - TreeNodeDescriptor.sorted(memory, at) == APPENDED_MAX
          || count + 1 == TreeNodeDescriptor.LEAF_ENTRIES_MAX) {
        buffer.loadLeaf(memory, at);
        replaceLeaf(leaf, height, TreeNodeDescriptor.sorted(memory, at), false);
      }
    } else { // the prefix must become shorter
      buffer.loadLeaf(memory, at);
      buffer.insert(buffer.firstAtOrAfter(key, 0, length), reference);
      replaceLeaf(leaf, height, TreeNodeDescriptor.sorted(memory, at), true);
    }
  }

  /// Copies the leaf where the key belongs and says what lies around it.
  void loadLeafAt(byte[] target, int offset, int length, TreeNodeBuffer leaf) {
    load(target, offset, length, false, leaf);
  }

  /// As above, for the greatest key before the given one.
  void loadLeafBefore(byte[] target, int offset, int length, TreeNodeBuffer leaf) {
    load(target, offset, length, true, leaf);
  }

  /// As above, for the greatest key of all.
  void loadLastLeaf(TreeNodeBuffer leaf) {
    load(null, 0, 0, false, leaf);
  }

  /// Replaces the whole, still empty tree by what a loader has built.
  void adopt(int rootNode, int height) {
    int empty = (int) root;
    root = ((long) height << Integer.SIZE) | rootNode;
    nodes.retireLeaf(empty);
  }

  /// For a loader.
  TreeNodePool nodes() {
    return nodes;
  }

  private void load(
      byte @Nullable [] target, int offset, int length, boolean isBefore, TreeNodeBuffer leaf) {
    while (!tryLoad(target, offset, length, isBefore, leaf)) {
      Thread.onSpinWait(); // the writer was faster: it has made progress
    }
  }

  private boolean tryLoad(
      byte @Nullable [] target, int offset, int length, boolean isBefore, TreeNodeBuffer leaf) {
    long top = root;
    int node = (int) top;
    int generation = TreeNodeDescriptor.generation(nodes.memory(node), TreeNodePool.offset(node));
    if (top != root) {
      return false;
    }
    leaf.lowerFence = 0;
    leaf.upperFence = 0;
    for (int height = (int) (top >>> Integer.SIZE); height > 0; height--) {
      MemorySegment memory = nodes.memory(node);
      long at = TreeNodePool.offset(node);
      int count = TreeNodeDescriptor.count(memory, at);
      int slot =
          target == null ? count : slotOf(memory, at, count, target, offset, length, isBefore);
      int child = TreeNodeDescriptor.child(memory, at, slot);
      if (child == 0) {
        return false;
      }
      if (slot > 0) {
        leaf.lowerFence = TreeNodeDescriptor.reference(memory, at, slot - 1);
      }
      if (slot < count) {
        leaf.upperFence = TreeNodeDescriptor.reference(memory, at, slot);
      }
      int childGeneration =
          TreeNodeDescriptor.generation(nodes.memory(child), TreeNodePool.offset(child));
      VarHandle.loadLoadFence();
      if (TreeNodeDescriptor.child(memory, at, slot) != child
          || TreeNodeDescriptor.generation(memory, at) != generation) {
        return false;
      }
      node = child;
      generation = childGeneration;
    }
    MemorySegment memory = nodes.memory(node);
    long at = TreeNodePool.offset(node);
    boolean isWhole = leaf.loadLeaf(memory, at);
    VarHandle.loadLoadFence();
    return isWhole && TreeNodeDescriptor.generation(memory, at) == generation;
  }

  /// Number of separators at or before the key; with `isStrict` only those before it.
  private int slotOf(
      MemorySegment memory,
      long node,
      int count,
      byte[] target,
      int offset,
      int length,
      boolean isStrict) {
    int prefixLength = TreeNodeDescriptor.prefixLength(memory, node);
    long prefix = TreeNodeDescriptor.prefixOffset(node);
    int common = KeyBytes.mismatch(target, offset, memory, prefix, Math.min(length, prefixLength));
    if (common < prefixLength) {
      boolean isBefore =
          common == length
              || (target[offset + common] & 0xff)
                  < (memory.get(ValueLayout.JAVA_BYTE, prefix + common) & 0xff);
      return isBefore ? 0 : count;
    }
    long rest = KeyBytes.prefix8(target, offset + prefixLength, length - prefixLength);
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(TreeNodeDescriptor.key(memory, node, middle), rest);
      if (order == 0) {
        int reference = TreeNodeDescriptor.reference(memory, node, middle);
        VarHandle.acquireFence(); // the log must be looked at as it was when it had this reference
        order = reference == 0 ? 1 : -log.compareKey(target, offset, length, reference);
      }
      if (order < 0 || (order == 0 && !isStrict)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Puts what is in `buffer` in the place of a leaf: one leaf or, if it is too much, two.
  private void replaceLeaf(int old, int height, int sortedBefore, boolean isPrefixUnknown) {
    int count = buffer.count;
    if (count <= SORTED_MAX) {
      replace(1, height, storedLeaf(0, count, isPrefixUnknown));
    } else {
      int middle = middleOf(old, sortedBefore);
      int left = storedLeaf(0, middle, isPrefixUnknown);
      int right = storedLeaf(middle, count, isPrefixUnknown);
      split(1, height, left, buffer.references[middle], right);
    }
    nodes.retireLeaf(old);
  }

  /// Where to split: in the middle, unless all that came since the last sorting lies on one side of
  /// the rest. Then keys come in order, and the rest stays together, so that leaves are well
  /// filled.
  private int middleOf(int old, int sortedBefore) {
    int count = buffer.count;
    MemorySegment memory = nodes.memory(old);
    long at = TreeNodePool.offset(old);
    if (TreeNodeDescriptor.reference(memory, at, sortedBefore - 1)
        == buffer.references[sortedBefore - 1]) {
      return sortedBefore;
    }
    if (TreeNodeDescriptor.reference(memory, at, 0) == buffer.references[count - sortedBefore]) {
      return count - sortedBefore;
    }
    return count / 2;
  }

  private int storedLeaf(int from, int to, boolean isPrefixUnknown) {
    int leaf = nodes.allocateLeaf();
    buffer.storeLeaf(nodes.memory(leaf), TreeNodePool.offset(leaf), from, to, isPrefixUnknown);
    return leaf;
  }

  /// Makes `child` the child at the end of the path, whose parent is on `level`.
  private void replace(int level, int height, int child) {
    if (level > height) {
      root = ((long) height << Integer.SIZE) | child;
    } else {
      int parent = pathNodes[level];
      TreeNodeDescriptor.publishChild(
          nodes.memory(parent), TreeNodePool.offset(parent), pathSlots[level], child);
    }
  }

  /// As `replace`, with two children and the separator between them.
  private void split(int level, int height, int left, int separator, int right) {
    if (level > height) {
      innerBuffer.startInner(left, separator, right);
      root = ((long) (height + 1) << Integer.SIZE) | storedInner(0, 1, true);
      return;
    }
    int old = pathNodes[level];
    int slot = pathSlots[level];
    innerBuffer.loadInner(nodes.memory(old), TreeNodePool.offset(old));
    boolean isPrefixUnknown = !innerBuffer.insert(slot, separator);
    innerBuffer.children[slot] = left;
    innerBuffer.insertChild(slot + 1, right);
    int count = innerBuffer.count;
    if (count <= TreeNodeDescriptor.SEPARATORS_MAX) {
      replace(level + 1, height, storedInner(0, count, isPrefixUnknown));
    } else {
      int middle = slot == count - 1 ? count - 2 : count / 2; // keys in order fill the left one
      int innerLeft = storedInner(0, middle, isPrefixUnknown);
      int innerSeparator = innerBuffer.references[middle];
      int innerRight = storedInner(middle + 1, count, isPrefixUnknown);
      split(level + 1, height, innerLeft, innerSeparator, innerRight);
    }
    nodes.retireInner(old);
  }

  private int storedInner(int from, int to, boolean isPrefixUnknown) {
    int inner = nodes.allocateInner();
    innerBuffer.storeInner(
        nodes.memory(inner), TreeNodePool.offset(inner), from, to, isPrefixUnknown);
    return inner;
  }
}
