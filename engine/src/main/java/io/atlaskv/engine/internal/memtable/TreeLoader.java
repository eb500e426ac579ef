package io.atlaskv.engine.internal.memtable;

import java.util.Arrays;

/// Fills an empty `PackedTree`, which nobody reads yet, from key nodes in order: writes each node
/// once, leaves first.
final class TreeLoader {
  /// Leaves room for the entries to come.
  private static final int LEAF_ENTRIES = 56;

  private static final int INNER_SEPARATORS = 44;

  private final PackedTree tree;
  private final TreeNodePool nodes;
  private final int common;
  private final TreeNodeBuffer buffer;

  // One level: its nodes and the first key of each.
  private int[] level = new int[64];
  private int[] firsts = new int[64];
  private int count;

  /// For keys of which the first `common` bytes are the same.
  TreeLoader(PackedTree tree, EntryLog log, int common) {
    this.tree = tree;
    this.common = common;
    nodes = tree.nodes();
    buffer = new TreeNodeBuffer(log);
    buffer.start();
  }

  /// Adds the key node whose key comes after all before; `key` is 8 bytes of it after the first
  /// `common`.
  void add(int reference, long key) {
    buffer.keys[buffer.count] = key;
    buffer.add(reference);
    if (buffer.count == LEAF_ENTRIES) {
      storeLeaf();
    }
  }

  /// Builds the levels above and puts all in the tree.
  void finish() {
    if (buffer.count > 0) {
      storeLeaf();
    }
    if (count == 0) {
      return;
    }
    int height = 0;
    while (count > 1) {
      int children = count;
      int[] below = level;
      int[] belowFirsts = firsts;
      level = new int[children / INNER_SEPARATORS + 1];
      firsts = new int[level.length];
      count = 0;
      for (int from = 0; from < children; ) {
        int rest = children - from;
        // the last two share what is left, so that none has a single child
        int take =
            rest > INNER_SEPARATORS && rest <= 2 * INNER_SEPARATORS
                ? rest / 2
                : Math.min(rest, INNER_SEPARATORS);
        storeInner(below, belowFirsts, from, take);
        from += take;
      }
      height++;
    }
    tree.adopt(level[0], height);
  }

  private void storeLeaf() {
    int leaf = nodes.allocateLeaf();
    buffer.prefixLength = common;
    buffer.storeLeaf(
        nodes.memory(leaf),
        TreeNodePool.offset(leaf),
        0,
        buffer.count,
        common > TreeNodeDescriptor.PREFIX_BYTES_MAX);
    addToLevel(leaf, buffer.references[0]);
    buffer.start();
  }

  private void storeInner(int[] below, int[] belowFirsts, int from, int children) {
    buffer.start();
    buffer.children[0] = below[from];
    for (int i = 1; i < children; i++) {
      buffer.add(belowFirsts[from + i]);
      buffer.children[i] = below[from + i];
    }
    int inner = nodes.allocateInner();
    buffer.storeInner(nodes.memory(inner), TreeNodePool.offset(inner), 0, children - 1, true);
    addToLevel(inner, belowFirsts[from]);
  }

  private void addToLevel(int node, int first) {
    if (count == level.length) {
      level = Arrays.copyOf(level, 2 * count);
      firsts = Arrays.copyOf(firsts, 2 * count);
    }
    level[count] = node;
    firsts[count++] = first;
  }
}
