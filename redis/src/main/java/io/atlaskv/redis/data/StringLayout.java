package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Store;

/// How strings are laid out: whole in the metadata row, or, above a size, in fragments.
///
/// @param ids of the fragments
/// @param inlineBytesMax longest string that is kept in its metadata row
/// @param fragmentBytes of each fragment of a string that is written from now on
/// @param batchBytesMax largest batch: no command can write more
public record StringLayout(
    CollectionIds ids, int inlineBytesMax, int fragmentBytes, long batchBytesMax) {
  /// A block of a table with one such fragment fills a slot of 8 KiB of the block cache.
  static final int FRAGMENT_BYTES = 8 * 1024 - 128;

  /// Up to two fragments' length one row is cheaper to read, and hardly dearer to change.
  static final int INLINE_BYTES_MAX = 2 * FRAGMENT_BYTES;

  /// The layout of every store. May block.
  public static StringLayout open(Store store) {
    return open(store, INLINE_BYTES_MAX, FRAGMENT_BYTES);
  }

  /// A layout that changes over at other sizes.
  public static StringLayout open(Store store, int inlineBytesMax, int fragmentBytes) {
    return new StringLayout(
        CollectionIds.open(store), inlineBytesMax, fragmentBytes, store.batchBytesMax());
  }
}
