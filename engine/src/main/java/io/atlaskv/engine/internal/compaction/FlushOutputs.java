package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The tables of one flush: one for the shared tree and one for each tree of a namespace that the
/// memtable has something of. A range tombstone is cut at the borders of namespaces that have their
/// own tree; one over what the shared tree has of such a namespace goes to both.
final class FlushOutputs implements MergeOutputs {
  private static final int LEVEL = 0;

  private final OutputTables shared;
  private final Map<Integer, OutputTables> own = new TreeMap<>(Integer::compareUnsigned);
  private OutputTables target;
  private int targetId;

  /// @param tombstones of the memtable, as far as they are needed
  FlushOutputs(
      OutputOptions options,
      RangeTombstones tombstones,
      FreshBlocks freshBlocks,
      Map<Integer, Tree> trees) {
    TableTimes now = TableTimes.at(options.clock().currentTimeMillis());
    for (int id : trees.keySet()) {
      RangeTombstones inside =
          tombstones.clip(Tree.first(id).toArray(), Tree.first(id + 1).toArray());
      own.put(id, new OutputTables(options, LEVEL, inside, freshBlocks, now));
    }
    shared =
        new OutputTables(
            options, LEVEL, shared(tombstones, trees), freshBlocks, TableTimes.UNKNOWN);
    target = shared;
    targetId = Tree.SHARED;
  }

  /// What concerns the shared tree.
  private static RangeTombstones shared(RangeTombstones tombstones, Map<Integer, Tree> trees) {
    if (tombstones.isEmpty() || trees.isEmpty()) {
      return tombstones;
    }
    var ordered = new TreeMap<Integer, Tree>(Integer::compareUnsigned);
    ordered.putAll(trees);
    var pieces = new ArrayList<RangeTombstones>();
    byte @Nullable [] from = null;
    for (Map.Entry<Integer, Tree> tree : ordered.entrySet()) {
      if (!tree.getValue().profile().hasOlderShared()) {
        pieces.add(tombstones.clip(from, Tree.first(tree.getKey()).toArray()));
        from = Tree.first(tree.getKey() + 1).toArray();
      }
    }
    pieces.add(tombstones.clip(from, null));
    return RangeTombstones.union(pieces);
  }

  @Override
  public long tableBytes() {
    return target.tableBytes();
  }

  /// Bytes of all tables, finished or not.
  long bytes() {
    long bytes = shared.bytes();
    for (OutputTables tables : own.values()) {
      bytes += tables.bytes();
    }
    return bytes;
  }

  @Override
  public void add(
      byte[] key,
      int length,
      long trailer,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      boolean isShadowed) {
    if (!own.isEmpty()) {
      int id = length < Integer.BYTES ? Tree.SHARED : ByteArrays.beInt(key, 0);
      if (id != targetId) {
        targetId = id;
        target = own.getOrDefault(id, shared);
      }
    }
    target.add(key, length, trailer, value, valueOffset, valueLength, isShadowed);
  }

  @Override
  public void cutBefore(byte[] key, int length) {
    throw new IllegalStateException("a flush makes one table for each tree");
  }

  @Override
  public void finishAll() {
    shared.finishAll();
    own.values().forEach(OutputTables::finishAll);
  }

  /// What adds the tables.
  VersionEdit.Builder edit() {
    var edit = VersionEdit.builder();
    shared.finished().forEach(table -> edit.add(LEVEL, table));
    own.forEach((tree, tables) -> tables.finished().forEach(table -> edit.add(tree, LEVEL, table)));
    return edit;
  }

  /// Deletes all tables, finished or not.
  void discard() {
    shared.discard();
    own.values().forEach(OutputTables::discard);
  }
}
