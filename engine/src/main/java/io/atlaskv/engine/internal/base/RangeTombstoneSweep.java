package io.atlaskv.engine.internal.base;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/// Cuts any number of overlapping range deletions into fragments: one sweep over their sorted ends.
final class RangeTombstoneSweep {
  /// Where a deletion begins (`change` 1) or ends (−1).
  private static final class Edge {
    final byte[] key;
    final long sequence;
    final int change;

    Edge(byte[] key, long sequence, int change) {
      this.key = key;
      this.sequence = sequence;
      this.change = change;
    }
  }

  private final List<Edge> edges = new ArrayList<>();

  /// Takes the deletion of `[start, end)`; one that is empty has no effect.
  void add(byte[] start, byte[] end, long sequence) {
    if (Arrays.compareUnsigned(start, end) < 0) {
      edges.add(new Edge(start, sequence, 1));
      edges.add(new Edge(end, sequence, -1));
    }
  }

  /// The fragments of all that was added.
  RangeTombstones finish() {
    edges.sort((left, right) -> Arrays.compareUnsigned(left.key, right.key));
    var counts =
        new TreeMap<Long, Integer>(Comparator.reverseOrder()); // of sequences, newest first
    var starts = new ArrayList<byte[]>();
    var ends = new ArrayList<byte[]>();
    var lists = new ArrayList<long[]>();
    int total = 0;
    for (int i = 0; i < edges.size(); i++) {
      var edge = edges.get(i);
      counts.merge(edge.sequence, edge.change, RangeTombstoneSweep::sumOrGone);
      byte[] next = i + 1 < edges.size() ? edges.get(i + 1).key : edge.key;
      if (!counts.isEmpty() && !Arrays.equals(edge.key, next)) {
        starts.add(edge.key);
        ends.add(next);
        long[] list = counts.keySet().stream().mapToLong(Long::longValue).toArray();
        lists.add(list);
        total += list.length;
      }
    }
    // sorted: what the first and the last have in common, all have
    int common = ends.isEmpty() ? 0 : RangeTombstoneLeaf.common(ends.getFirst(), ends.getLast());
    var fragments = new RangeTombstoneFragments(starts.size(), total, common);
    for (int i = 0; i < starts.size(); i++) {
      fragments.open(starts.get(i), ends.get(i));
      fragments.copySequences(lists.get(i), 0, lists.get(i).length);
      fragments.close();
    }
    return RangeTombstones.of(fragments.toLeaf());
  }

  @SuppressWarnings("NullAway") // merge removes the mapping when told null
  private static Integer sumOrGone(Integer left, Integer right) {
    int sum = left + right;
    return sum == 0 ? null : sum;
  }
}
