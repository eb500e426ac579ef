package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Builds the index block of the shape of `TableIndexLayout`.
final class TableIndexBuilder {
  private final ArrayList<Separator> separators = new ArrayList<>();
  private long[] ends = new long[64];

  @SuppressWarnings("ArrayRecordComponent") // never compared, never leaves this class
  private record Separator(byte[] key, long trailer) {}

  int blocks() {
    return separators.size();
  }

  /// Heap bytes held, roughly; they stay until `finish`.
  void add(byte[] key, int length, long trailer, long blockEnd) {
    if (separators.size() == ends.length) {
      ends = Arrays.copyOf(ends, 2 * ends.length);
    }
    ends[separators.size()] = blockEnd;
    separators.add(new Separator(Arrays.copyOf(key, length), trailer));
  }

  /// Appends the index block.
  void finish(NativeBuffer target) {
    int start = target.length();
    int blocks = separators.size();
    for (int i = 0; i < blocks; i++) {
      target.putLong(ends[i]);
    }
    int levels = 0;
    int root = 0;
    List<Separator> level = separators;
    int[] children = new int[0];
    while (!level.isEmpty() && (levels == 0 || level.size() > 1)) {
      var above = new ArrayList<Separator>();
      int nodes = (level.size() + TableIndexLayout.FANOUT - 1) >>> TableIndexLayout.FANOUT_SHIFT;
      int[] offsets = new int[nodes];
      for (int node = 0; node < nodes; node++) {
        int from = node << TableIndexLayout.FANOUT_SHIFT;
        int to = Math.min(level.size(), from + TableIndexLayout.FANOUT);
        root = target.length() - start;
        offsets[node] = root;
        putNode(
            target, level.subList(from, to), levels == 0 ? children : slice(children, from, to));
        above.add(level.get(to - 1));
      }
      children = offsets;
      level = above;
      levels++;
    }
    target.putInt(blocks);
    target.putInt(root);
    target.putLong(levels);
  }

  private static int[] slice(int[] values, int from, int to) {
    return Arrays.copyOfRange(values, from, to);
  }

  private static void putNode(NativeBuffer target, List<Separator> node, int[] children) {
    byte[] first = node.getFirst().key();
    byte[] last = node.getLast().key();
    int common =
        Math.min(
            TableIndexLayout.COMMON_LENGTH_MAX,
            KeyBytes.mismatch(first, 0, last, 0, Math.min(first.length, last.length)));
    boolean hasTrailers = node.stream().anyMatch(separator -> separator.trailer() != 0);
    target.putShort((short) node.size());
    target.putShort((short) common);
    target.putInt(hasTrailers ? TableIndexLayout.HAS_TRAILERS : 0);
    for (Separator separator : node) {
      byte[] key = separator.key();
      target.putLong(KeyBytes.prefix8(key, common, key.length - common));
    }
    int end = 0;
    target.putInt(end);
    for (Separator separator : node) {
      end += separator.key().length - common;
      target.putInt(end);
    }
    if (hasTrailers) {
      for (Separator separator : node) {
        target.putLong(separator.trailer());
      }
    }
    for (int child : children) {
      target.putInt(child);
    }
    target.put(first, 0, common);
    for (Separator separator : node) {
      target.put(separator.key(), common, separator.key().length - common);
    }
  }
}
