package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.KeyBytes;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The trees of single namespaces, laid out to be found by key.
final class OwnTrees {
  /// Answer of `find`: the key belongs to the shared tree.
  static final int NONE = -1;

  private final int[] ids; // ascending as unsigned numbers, as keys are
  private final TreeTables[] tables;
  private final boolean[] hasOlderShared;

  private OwnTrees(SortedMap<Long, Tree> trees, Function<TableMeta, LiveTable> live) {
    ids = trees.keySet().stream().mapToInt(Long::intValue).toArray();
    tables =
        trees.values().stream()
            .map(tree -> new TreeTables(tree.levels(), live))
            .toArray(TreeTables[]::new);
    hasOlderShared = new boolean[ids.length];
    int next = 0;
    for (Tree tree : trees.values()) {
      hasOlderShared[next++] = tree.profile().hasOlderShared();
    }
  }

  /// Null if there are none, which is all that a reader then has to know.
  static @Nullable OwnTrees of(Map<Integer, Tree> trees, Function<TableMeta, LiveTable> live) {
    if (trees.isEmpty()) {
      return null;
    }
    var ordered = new TreeMap<Long, Tree>();
    trees.forEach((id, tree) -> ordered.put(Integer.toUnsignedLong(id), tree));
    return new OwnTrees(ordered, live);
  }

  int count() {
    return ids.length;
  }

  TreeTables tables(int index) {
    return tables[index];
  }

  /// Whether the shared tree may have older entries of the namespace.
  boolean hasOlderShared(int index) {
    return hasOlderShared[index];
  }

  /// Index of the tree that a key belongs to, or `NONE`.
  int find(byte[] key, int offset, int length) {
    int index = lastAtOrBefore(Tree.of(key, offset, length));
    return length >= Integer.BYTES && index >= 0 && ids[index] == Tree.of(key, offset, length)
        ? index
        : NONE;
  }

  /// Index of the first tree that may have keys at or after `lower`; `count()` if none may.
  int firstFrom(byte[] lower) {
    int index = lastAtOrBefore(Tree.of(Arrays.copyOf(lower, Integer.BYTES), 0, Integer.BYTES));
    boolean isIn =
        index >= 0 && ids[index] == Tree.of(Arrays.copyOf(lower, Integer.BYTES), 0, Integer.BYTES);
    return isIn ? index : index + 1;
  }

  /// True if all keys of a tree sort at or after `upper`.
  boolean startsAtOrAfter(int index, byte[] upper) {
    byte[] first = Tree.first(ids[index]).toArray();
    return KeyBytes.compare(first, 0, first.length, upper, 0, upper.length) >= 0;
  }

  /// True if all keys from `lower` to `upper` belong to the tree.
  boolean holdsAll(int index, byte[] lower, byte[] upper) {
    byte[] end = Tree.first(ids[index] + 1).toArray();
    return lower.length >= Integer.BYTES
        && Tree.of(lower, 0, lower.length) == ids[index]
        && KeyBytes.compare(upper, 0, upper.length, end, 0, end.length) <= 0;
  }

  private int lastAtOrBefore(int id) {
    int low = 0;
    int high = ids.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Integer.compareUnsigned(ids[middle], id) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
