package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.wal.RecoveryRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/// All that the manifest knows of a store at one moment: the sum of its edits.
///
/// @param levels the live tables of the shared tree
/// @param nextFileNumber no file has this number or a larger one
/// @param lastSequence last sequence known to be used
/// @param logNumber oldest log segment recovery still needs
/// @param flushedThrough everything up to this sequence is in tables
/// @param counters values of persistent counters as of `flushedThrough`; those that are 0 are left
///   out
/// @param boundaries log boundaries that still matter, to recovery or to history, oldest first
/// @param historyFrom oldest log segment kept for its history; 0 if none is
/// @param historyFloor each version that is newer than this sequence, or the newest that is not, is
///   kept, as time-travel reads may ask for it; 0 if that is not so
/// @param features bits of `StoreFeatures` that the store uses
/// @param trees namespaces that have a tree of their own, by id
/// @param lineage which copy of which store this is
public record StoreState(
    Levels levels,
    long nextFileNumber,
    long lastSequence,
    long logNumber,
    long flushedThrough,
    Map<CounterId, Long> counters,
    List<LogBoundary> boundaries,
    long historyFrom,
    long historyFloor,
    long features,
    Map<Integer, Tree> trees,
    Lineage lineage) {

  /// A new store.
  public static final StoreState EMPTY =
      new StoreState(
          Levels.EMPTY, 1, 0, 0, 0, Map.of(), List.of(), 0, 0, 0, Map.of(), Lineage.EMPTY);

  public StoreState {
    counters = Map.copyOf(counters);
    boundaries = List.copyOf(boundaries);
    trees = Collections.unmodifiableSortedMap(new TreeMap<>(trees));
  }

  /// All live tables, those of the shared tree first.
  public List<PlacedTable> tables() {
    var tables = new ArrayList<PlacedTable>();
    addTables(Tree.SHARED, levels, tables);
    trees.forEach((tree, own) -> addTables(tree, own.levels(), tables));
    return tables;
  }

  private static void addTables(int tree, Levels levels, List<PlacedTable> tables) {
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        tables.add(new PlacedTable(tree, level, table));
      }
    }
  }

  /// The levels of a tree.
  ///
  /// @throws IllegalArgumentException if there is no such tree
  public Levels levels(int tree) {
    return tree == Tree.SHARED ? levels : tree(tree).levels();
  }

  /// Number of the tree that a key belongs to.
  public int treeOf(Bytes key) {
    int id = Tree.of(key.toArray(), 0, key.length());
    return trees.containsKey(id) ? id : Tree.SHARED;
  }

  /// Whether the levels of a tree are used as such; if not, all its tables come to level 0.
  public boolean isLeveled(int tree) {
    return tree == Tree.SHARED || tree(tree).profile().style() instanceof CompactionStyle.Leveled;
  }

  private Tree tree(int number) {
    Tree tree = trees.get(number);
    if (tree == null) {
      throw new IllegalArgumentException("tree " + number + " is unknown");
    }
    return tree;
  }

  /// The state after `edit`. Boundaries of segments that are no longer needed are forgotten.
  ///
  /// @throws IllegalArgumentException if the edit does not fit this state
  public StoreState apply(VersionEdit edit) {
    long newLogNumber = advanced("logNumber", logNumber, edit.logNumber());
    long newHistoryFrom =
        edit.historyFrom() == VersionEdit.UNCHANGED ? historyFrom : edit.historyFrom();
    long oldest = newHistoryFrom == 0 ? newLogNumber : Math.min(newHistoryFrom, newLogNumber);
    Map<CounterId, Long> newCounters = counters;
    if (!edit.counters().isEmpty()) {
      newCounters = new HashMap<>(counters);
      newCounters.putAll(edit.counters());
      newCounters.values().removeIf(value -> value == 0);
    }
    return new StoreState(
        levels.apply(edit),
        advanced("nextFileNumber", nextFileNumber, edit.nextFileNumber()),
        advanced("lastSequence", lastSequence, edit.lastSequence()),
        newLogNumber,
        advanced("flushedThrough", flushedThrough, edit.flushedThrough()),
        newCounters,
        Stream.concat(boundaries.stream(), edit.boundaries().stream())
            .filter(boundary -> boundary.firstSegment() > oldest)
            .toList(),
        newHistoryFrom,
        newHistoryFloor(edit.historyFloor()),
        features | edit.features(),
        changedTrees(edit),
        lineage.then(edit.forks()));
  }

  /// It rises, or is given up.
  private long newHistoryFloor(long told) {
    return told == 0 ? 0 : Math.max(historyFloor, told); // `UNCHANGED` is smaller than all
  }

  /// Oldest log segment that is there for something: for recovery, or for its history.
  public long oldestSegment() {
    return historyFrom == 0 ? logNumber : Math.min(historyFrom, logNumber);
  }

  private Map<Integer, Tree> changedTrees(VersionEdit edit) {
    if (trees.isEmpty() && edit.profiles().isEmpty()) {
      requireKnownTrees(edit, trees);
      return trees;
    }
    var changed = new TreeMap<>(trees);
    edit.profiles()
        .forEach((number, profile) -> {
          Tree known = trees.get(number);
          changed.put(number, new Tree(profile, known == null ? Levels.EMPTY : known.levels()));
        });
    requireKnownTrees(edit, changed);
    changed.replaceAll(
        (number, tree) -> new Tree(tree.profile(), tree.levels().apply(number, edit)));
    return changed;
  }

  private static void requireKnownTrees(VersionEdit edit, Map<Integer, Tree> known) {
    for (VersionEdit.Added added : edit.added()) {
      requireKnown(added.tree(), known);
      if (added.tree() != Tree.SHARED && !Tree.holds(added.tree(), added.table())) {
        throw new IllegalArgumentException(
            "table " + added.table().number() + " has keys that are not of tree " + added.tree());
      }
    }
    for (VersionEdit.Removed removed : edit.removed()) {
      requireKnown(removed.tree(), known);
    }
  }

  private static void requireKnown(int tree, Map<Integer, Tree> known) {
    if (tree != Tree.SHARED && !known.containsKey(tree)) {
      throw new IllegalArgumentException("tree " + tree + " is unknown");
    }
  }

  /// Without the trees that are empty and whose namespace is no more. Only before the first use of
  /// a store: later there may be tables on their way to such a tree.
  StoreState withoutDropped() {
    var kept = new TreeMap<>(trees);
    kept.values().removeIf(tree -> tree.profile().isDropped() && tree.levels().tables() == 0);
    return kept.size() == trees.size()
        ? this
        : new StoreState(
            levels,
            nextFileNumber,
            lastSequence,
            logNumber,
            flushedThrough,
            counters,
            boundaries,
            historyFrom,
            historyFloor,
            features,
            kept,
            lineage);
  }

  /// What is to be read of the log to come from this state to the last one.
  public RecoveryRequest recovery(UUID storeUuid, RecoveryMode mode) {
    List<LogBoundary> ahead =
        boundaries.stream().filter(boundary -> boundary.firstSegment() > logNumber).toList();
    return new RecoveryRequest(storeUuid, logNumber, flushedThrough, ahead, mode);
  }

  private static long advanced(String name, long value, long told) {
    if (told == VersionEdit.UNCHANGED) {
      return value;
    }
    if (told < value) {
      throw new IllegalArgumentException(name + " goes back from " + value + " to " + told);
    }
    return told;
  }

  /// The edit that makes this state from the empty one.
  VersionEdit asEdit() {
    var edit =
        VersionEdit.builder()
            .nextFileNumber(nextFileNumber)
            .lastSequence(lastSequence)
            .logNumber(logNumber)
            .flushedThrough(flushedThrough);
    trees.forEach((number, tree) -> edit.profile(number, tree.profile()));
    for (PlacedTable placed : tables()) {
      edit.add(placed.tree(), placed.level(), placed.table());
    }
    levels.cursors().forEach(edit::cursor);
    trees.forEach((number, tree) ->
        tree.levels().cursors().forEach((level, key) -> edit.cursor(number, level, key)));
    counters.forEach(edit::counter);
    boundaries.forEach(edit::boundary);
    if (historyFrom != 0) {
      edit.historyFrom(historyFrom);
    }
    if (historyFloor != 0) {
      edit.historyFloor(historyFloor);
    }
    edit.features(features);
    lineage.forks().forEach(edit::fork);
    return edit.build();
  }
}
