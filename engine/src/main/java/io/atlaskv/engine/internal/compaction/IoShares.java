package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.Tree;
import java.util.Map;
import java.util.TreeMap;

/// Which namespaces have shares of the store's background I/O, and how many. All others have one
/// lot of [#REST] together. Groups are numbered: 0 is that of all others, then come the namespaces
/// with shares in order of their ids. Immutable.
public final class IoShares {
  /// No namespace has shares of its own.
  public static final IoShares UNDIVIDED = new IoShares(Map.of());

  /// Shares of all namespaces together that have none of their own.
  public static final int REST = 100;

  /// Group of all namespaces that have no shares of their own.
  public static final int REST_GROUP = 0;

  private final TreeMap<Integer, Integer> shares;
  private final int[] namespaces; // ascending
  private final long total;

  private IoShares(Map<Integer, Integer> shares) {
    this.shares = new TreeMap<>(shares);
    namespaces = new int[shares.size()];
    long sum = REST;
    int next = 0;
    for (Map.Entry<Integer, Integer> each : this.shares.entrySet()) {
      namespaces[next++] = each.getKey();
      sum += each.getValue();
    }
    total = sum;
  }

  /// The same, but for one namespace.
  ///
  /// @param value its shares, 0 for none of its own
  public IoShares with(int namespace, int value) {
    if (value == shares.getOrDefault(namespace, 0)) {
      return this;
    }
    var changed = new TreeMap<>(shares);
    if (value == 0) {
      changed.remove(namespace);
    } else {
      changed.put(namespace, value);
    }
    return new IoShares(changed);
  }

  /// Whether any namespace has shares of its own.
  public boolean isDivided() {
    return namespaces.length > 0;
  }

  /// Number of groups.
  public int groups() {
    return 1 + namespaces.length;
  }

  /// The group of a namespace.
  public int groupOf(int namespace) {
    for (int i = 0; i < namespaces.length; i++) { // few
      if (namespaces[i] == namespace) {
        return i + 1;
      }
    }
    return REST_GROUP;
  }

  /// Whose shares the work on a tree counts for: those of its namespace, or of all that have none.
  public int payer(int tree) {
    return shares.containsKey(tree) ? tree : Tree.SHARED;
  }

  /// Shares of who pays.
  int of(int payer) {
    return shares.getOrDefault(payer, REST);
  }

  /// Shares of a group.
  public int ofGroup(int group) {
    return group == REST_GROUP ? REST : of(namespaces[group - 1]);
  }

  /// All shares.
  public long total() {
    return total;
  }
}
