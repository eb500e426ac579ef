package io.atlaskv.engine.internal.sstable;

/// Shape of the index block: a search tree over one separator for each data block.
///
/// ```
/// offset  size  field
///      0   8 b  end of each data block in the file; each starts where the one before it ends
///               nodes, level by level from the lowest; the root is the last
///   end-16   4  number of data blocks b
///   end-12   4  offset of the root in the index block
///   end- 8   1  levels
///   end- 7   7  zero
///
/// node
///      0     2  number of separators n, 1 to 128; only the last node of a level has fewer than 128
///      2     2  length c of the prefix that its separators have in common
///      4     4  1 if the node has trailers, else 0
///      8   8 n  first 8 bytes of each separator after the common prefix, as a number
///        4 n+4  end of each separator's rest in the rests, the first of them 0
///          8 n  trailer of each separator, if the node has trailers
///          4 n  offset of each child in the index block, above the lowest level
///            c  the common prefix
///               the rests: what comes after the common prefix of each separator
/// ```
///
/// A separator is at or after every key of its child and before every key of the next one. It has
/// trailer 0, after all versions of its key, unless versions of that key stand on both sides.
final class TableIndexLayout {
  static final int FANOUT_SHIFT = 7;
  static final int FANOUT = 1 << FANOUT_SHIFT;
  static final int TAIL_BYTES = 16;
  static final int ROOT_OFFSET = 4;
  static final int LEVELS_OFFSET = 8;
  static final int LEVELS_MAX = 5;
  static final int COMMON_LENGTH_OFFSET = 2;
  static final int FLAGS_OFFSET = 4;
  static final int HAS_TRAILERS = 1;
  static final int PREFIXES_OFFSET = 8;
  static final int COMMON_LENGTH_MAX = 0xffff;

  private TableIndexLayout() {}

  static int restEndsOffset(int count) {
    return PREFIXES_OFFSET + count * Long.BYTES;
  }

  static int trailersOffset(int count) {
    return restEndsOffset(count) + (count + 1) * Integer.BYTES;
  }

  static int childrenOffset(int count, boolean hasTrailers) {
    return trailersOffset(count) + (hasTrailers ? count * Long.BYTES : 0);
  }

  static int commonOffset(int count, boolean hasTrailers, boolean isLowest) {
    return childrenOffset(count, hasTrailers) + (isLowest ? 0 : count * Integer.BYTES);
  }
}
