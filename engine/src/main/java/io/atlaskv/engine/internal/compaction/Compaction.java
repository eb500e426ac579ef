package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a picker has picked.
///
/// @param tree where
/// @param kind what is to be done
/// @param inputs tables of `level`, in the level's order
/// @param overlapped tables of `outputLevel` that the inputs overlap; none if the levels are equal
/// @param reason for logs and tests
public record Compaction(
    int tree,
    Kind kind,
    int level,
    int outputLevel,
    List<TableMeta> inputs,
    List<TableMeta> overlapped,
    String reason) {
  /// What is done with the inputs.
  public enum Kind {
    /// Their entries are merged into new tables.
    MERGE,
    /// They are put into the output level as they are.
    MOVE,
    /// They are taken away: range tombstones above hide all they have.
    DROP
  }

  public Compaction {
    inputs = List.copyOf(inputs);
    overlapped = List.copyOf(overlapped);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("no inputs");
    }
  }

  /// In the shared tree.
  public Compaction(
      Kind kind,
      int level,
      int outputLevel,
      List<TableMeta> inputs,
      List<TableMeta> overlapped,
      String reason) {
    this(Tree.SHARED, kind, level, outputLevel, inputs, overlapped, reason);
  }

  /// The same in another tree, whose levels it was picked from.
  Compaction in(int otherTree) {
    return new Compaction(otherTree, kind, level, outputLevel, inputs, overlapped, reason);
  }

  /// All tables that the compaction takes away.
  public List<TableMeta> tables() {
    var tables = new ArrayList<TableMeta>(inputs);
    tables.addAll(overlapped);
    return tables;
  }

  /// Numbers of all tables that the compaction takes away: no other may use them meanwhile.
  public Set<Long> inputNumbers() {
    return tables().stream().map(TableMeta::number).collect(Collectors.toUnmodifiableSet());
  }

  /// Bytes of all tables that the compaction takes away.
  public long inputBytes() {
    return tables().stream().mapToLong(TableMeta::bytes).sum();
  }

  /// All keys the compaction deals with.
  public KeyRange range() {
    return KeyRange.of(tables());
  }
}
