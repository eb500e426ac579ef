package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Prefetch;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The index of an open table: finds the data block of a key. Resident, searched in place.
final class TableIndex {
  /// Answer of `findLeaf`.
  static final long NO_LEAF = -1;

  private static final int INDEX_IN_NODE = TableIndexLayout.FANOUT - 1;

  private final MemorySegment bytes;
  private final int blocks;
  private final int root;
  private final int levels;

  private TableIndex(MemorySegment bytes, int blocks, int root, int levels) {
    this.bytes = bytes;
    this.blocks = blocks;
    this.root = root;
    this.levels = levels;
  }

  /// Copies a verified index block to memory of `arena`.
  static TableIndex of(
      String file, long fileOffset, MemorySegment source, long at, int length, Arena arena) {
    MemorySegment bytes = arena.allocate(length, Long.BYTES);
    MemorySegment.copy(source, at, bytes, 0, length);
    long tail = (long) length - TableIndexLayout.TAIL_BYTES;
    if (tail < 0) {
      throw malformed(file, fileOffset, length);
    }
    int blocks = bytes.get(Layouts.LE_INT, tail);
    int root = bytes.get(Layouts.LE_INT, tail + TableIndexLayout.ROOT_OFFSET);
    int levels = bytes.get(Layouts.BYTE, tail + TableIndexLayout.LEVELS_OFFSET);
    if (blocks < 0
        || (long) blocks * Long.BYTES > tail
        || root < 0
        || root > tail
        || levels < (blocks == 0 ? 0 : 1)
        || levels > TableIndexLayout.LEVELS_MAX) {
      throw malformed(file, fileOffset, length);
    }
    return new TableIndex(bytes, blocks, root, levels);
  }

  private static CorruptionException malformed(String file, long fileOffset, int length) {
    return new CorruptionException(file, fileOffset, "malformed index of " + length + " bytes");
  }

  long bytes() {
    return bytes.byteSize();
  }

  /// Number of data blocks.
  int blocks() {
    return blocks;
  }

  /// Levels of the search tree.
  int levels() {
    return levels;
  }

  /// Where a data block starts in the file.
  long blockOffset(int block) {
    return block == 0
        ? FileHeader.BYTES
        : bytes.get(Layouts.LE_LONG, (block - 1) * (long) Long.BYTES);
  }

  /// Where a data block, trailer included, ends in the file.
  long blockEnd(int block) {
    return bytes.get(Layouts.LE_LONG, block * (long) Long.BYTES);
  }

  /// The key that no entry of a data block is after, and no entry of the next one before.
  byte[] separator(int block) {
    int node = root;
    for (int level = levels - 1; level > 0; level--) {
      int child = (block >>> (TableIndexLayout.FANOUT_SHIFT * level)) & INDEX_IN_NODE;
      long childrenAt =
          (long) node + TableIndexLayout.childrenOffset(count(node), hasTrailers(node));
      node = bytes.get(Layouts.LE_INT, childrenAt + (long) child * Integer.BYTES);
    }
    int count = count(node);
    int place = block & INDEX_IN_NODE;
    int common =
        bytes.get(Layouts.LE_SHORT, (long) node + TableIndexLayout.COMMON_LENGTH_OFFSET) & 0xffff;
    long commonAt = (long) node + TableIndexLayout.commonOffset(count, hasTrailers(node), true);
    long endsAt =
        (long) node + TableIndexLayout.restEndsOffset(count) + (long) place * Integer.BYTES;
    int from = bytes.get(Layouts.LE_INT, endsAt);
    int rest = bytes.get(Layouts.LE_INT, endsAt + Integer.BYTES) - from;
    byte[] separator = new byte[common + rest];
    MemorySegment.copy(bytes, Layouts.BYTE, commonAt, separator, 0, common);
    MemorySegment.copy(bytes, Layouts.BYTE, commonAt + common + from, separator, common, rest);
    return separator;
  }

  /// Index of the block in which the first entry at or after (key, trailer) is, if there is one;
  /// `blocks()` if all entries are before it.
  int find(byte[] key, int offset, int length, long trailer) {
    long leaf = findLeaf(key, offset, length, trailer);
    return leaf == NO_LEAF ? blocks : findInLeaf(leaf, key, offset, length, trailer);
  }

  /// The way of `find` down to the lowest level, which is most of the index: the node there, for
  /// the next two, or `NO_LEAF` if `find` says `blocks()`.
  long findLeaf(byte[] key, int offset, int length, long trailer) {
    if (blocks == 0) {
      return NO_LEAF;
    }
    int node = root;
    int ordinal = 0;
    for (int level = levels - 1; level > 0; level--) {
      int found = findInNode(node, false, key, offset, length, trailer);
      int count = count(node);
      if (found == count) { // can only be in the root: separators above are the last ones below
        return NO_LEAF;
      }
      ordinal = (ordinal << TableIndexLayout.FANOUT_SHIFT) + found;
      long childAt =
          (long) node
              + TableIndexLayout.childrenOffset(count, hasTrailers(node))
              + (long) found * Integer.BYTES;
      node = bytes.get(Layouts.LE_INT, childAt);
    }
    return (long) ordinal << Integer.SIZE | node;
  }

  /// Notes what `findInLeaf` reads, in a node that is full: the first steps of the binary search go
  /// to few places, and the steps after them stay near.
  void prefetchLeaf(long leaf, Prefetch prefetch) {
    int node = (int) leaf;
    int prefixes = node + TableIndexLayout.PREFIXES_OFFSET;
    int bytesOfPrefixes = TableIndexLayout.FANOUT * Long.BYTES;
    prefetch.place(0, bytes, node);
    prefetch.place(
        1, bytes, node + TableIndexLayout.commonOffset(TableIndexLayout.FANOUT, false, true));
    int rank = 2;
    for (int step = bytesOfPrefixes / 2; step >= bytesOfPrefixes / 8; step /= 2) {
      for (int at = step; at < bytesOfPrefixes; at += 2 * step) {
        prefetch.place(rank++, bytes, prefixes + at - Long.BYTES);
      }
    }
  }

  /// The end of `find`, from a leaf on.
  int findInLeaf(long leaf, byte[] key, int offset, int length, long trailer) {
    int node = (int) leaf;
    int found = findInNode(node, true, key, offset, length, trailer);
    return found == count(node) // can only be in the root, as above
        ? blocks
        : ((int) (leaf >>> Integer.SIZE) << TableIndexLayout.FANOUT_SHIFT) + found;
  }

  private int count(int node) {
    return bytes.get(Layouts.LE_SHORT, node) & 0xffff;
  }

  private boolean hasTrailers(int node) {
    return bytes.get(Layouts.LE_INT, node + TableIndexLayout.FLAGS_OFFSET) != 0;
  }

  /// Index of the first separator at or after the target; the node's count if there is none.
  private int findInNode(
      int node, boolean isLowest, byte[] key, int offset, int length, long trailer) {
    long header = bytes.get(Layouts.LE_LONG, node); // in one read: the three are looked at together
    int count = (int) header & 0xffff;
    int common = (int) header >>> (Byte.SIZE * TableIndexLayout.COMMON_LENGTH_OFFSET);
    boolean hasTrailers = header >>> (Byte.SIZE * TableIndexLayout.FLAGS_OFFSET) != 0;
    long commonAt = (long) node + TableIndexLayout.commonOffset(count, hasTrailers, isLowest);
    int comparable = Math.min(length, common);
    int matched = KeyBytes.mismatch(key, offset, bytes, commonAt, comparable);
    if (matched < common) {
      boolean isBefore =
          matched == length
              || (key[offset + matched] & 0xff)
                  < (bytes.get(Layouts.BYTE, commonAt + matched) & 0xff);
      return isBefore ? 0 : count;
    }
    int restOffset = offset + common;
    int restLength = length - common;
    long prefix = KeyBytes.prefix8(key, restOffset, restLength);
    long prefixesAt = (long) node + TableIndexLayout.PREFIXES_OFFSET;
    int low = lowerBound(prefixesAt, count, prefix);
    int high = low;
    if (low < count && prefix(prefixesAt, low) == prefix) {
      high = prefix == -1 ? count : lowerBound(prefixesAt, count, prefix + 1);
    }
    while (low < high) { // among separators with the target's prefix
      int middle = (low + high) >>> 1;
      int order = compareRest(node, count, commonAt + common, middle, key, restOffset, restLength);
      if (order == 0 && hasTrailers) {
        order = Long.compareUnsigned(trailer, separatorTrailer(node, count, middle));
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Index of the first of `count` sorted prefixes that is at or above `wanted`. Both outcomes of
  /// each step do the same work, so that there is nothing to predict.
  private int lowerBound(long prefixesAt, int count, long wanted) {
    long target = wanted ^ Long.MIN_VALUE;
    int low = 0;
    int rest = count;
    while (rest > 1) {
      int half = rest >>> 1;
      boolean isBelow = (prefix(prefixesAt, low + half - 1) ^ Long.MIN_VALUE) < target;
      low = isBelow ? low + half : low;
      rest -= half;
    }
    return (prefix(prefixesAt, low) ^ Long.MIN_VALUE) < target ? low + 1 : low;
  }

  private long prefix(long prefixesAt, int separator) {
    return bytes.get(Layouts.LE_LONG, prefixesAt + (long) separator * Long.BYTES);
  }

  private int compareRest(
      int node, int count, long restsAt, int separator, byte[] key, int offset, int length) {
    long endsAt =
        (long) node + TableIndexLayout.restEndsOffset(count) + (long) separator * Integer.BYTES;
    int from = bytes.get(Layouts.LE_INT, endsAt);
    int to = bytes.get(Layouts.LE_INT, endsAt + Integer.BYTES);
    return KeyBytes.compare(bytes, restsAt + from, to - from, key, offset, length);
  }

  private long separatorTrailer(int node, int count, int separator) {
    long at = (long) node + TableIndexLayout.trailersOffset(count) + (long) separator * Long.BYTES;
    return bytes.get(Layouts.LE_LONG, at);
  }
}
