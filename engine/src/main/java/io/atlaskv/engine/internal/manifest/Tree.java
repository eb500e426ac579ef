package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.ByteArrays;

/// The levels of one namespace that has its own, because its tables are merged in another way than
/// others. The tree has the id of the namespace; all others are in the shared tree, number 0.
///
/// Invariants:
/// - T1: all keys of a tree begin with its id, big-endian.
/// - T2: for any key, what is in its own tree is newer than what is in the shared one.
///
/// @param profile what it is like
/// @param levels its tables
public record Tree(TreeProfile profile, Levels levels) {
  /// Number of the tree of all namespaces that have none of their own.
  public static final int SHARED = 0;

  /// The first key that belongs to a tree.
  public static Bytes first(int tree) {
    byte[] key = new byte[Integer.BYTES];
    ByteArrays.putBeInt(key, 0, tree);
    return Bytes.of(key);
  }

  /// All keys that belong to a tree.
  public static KeyRange range(int tree) {
    return new KeyRange(first(tree), first(tree + 1), true);
  }

  /// The tree that a key would belong to, if there is one; shorter keys belong to the shared one.
  static int of(byte[] key, int offset, int length) {
    return length < Integer.BYTES ? SHARED : ByteArrays.beInt(key, offset);
  }

  /// Whether a table has keys of this tree only (T1).
  static boolean holds(int tree, TableMeta table) {
    return table.smallest().compareTo(first(tree)) >= 0 && table.endsBefore(first(tree + 1));
  }
}
