package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import java.util.ArrayList;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// Chooses what to compact in a store of several trees, each by its own style: a pure function.
public final class TreePicker {
  private static final TreeProfile SHARED = new TreeProfile(CompactionStyle.LEVELED, false, false);

  private TreePicker() {}

  /// The most useful compaction now, null if nothing is worth doing. Trees are asked in turn, the
  /// one after `lastTree` first, so that none waits for ever.
  ///
  /// @param mayBegin whether another compaction of a tree may begin
  public static @Nullable Compaction pick(
      StoreState state,
      int lastTree,
      IntPredicate mayBegin,
      CompactionOptions options,
      CompactionLoad load) {
    if (state.trees().isEmpty()) {
      return mayBegin.test(Tree.SHARED)
          ? CompactionPicker.pick(state.levels(), options, load)
          : null;
    }
    return firstOf(
        state,
        lastTree,
        mayBegin,
        load,
        (tree, style, levels, loadOfTree) -> pick(style, levels, options, loadOfTree));
  }

  /// The next step towards trees without garbage but what snapshots need, in which a key is looked
  /// for in as few tables as the style allows; null if there is none now.
  ///
  /// @param mayBegin whether another compaction of a tree may begin
  /// @param range which keys are meant, null for all
  public static @Nullable Compaction pickFull(
      StoreState state,
      int lastTree,
      IntPredicate mayBegin,
      @Nullable KeyRange range,
      CompactionOptions options,
      CompactionLoad load) {
    return firstOf(
        state,
        lastTree,
        mayBegin,
        load,
        (tree, style, levels, loadOfTree) ->
            isIn(range, tree) ? pickFull(style, levels, range, options, loadOfTree) : null);
  }

  /// What is asked of each tree.
  private interface Choice {
    @Nullable Compaction of(int tree, CompactionStyle style, Levels levels, CompactionLoad load);
  }

  /// The choice of the first tree in turn that has one.
  private static @Nullable Compaction firstOf(
      StoreState state, int lastTree, IntPredicate mayBegin, CompactionLoad load, Choice choice) {
    for (int tree : inTurn(state, lastTree)) {
      if (!mayBegin.test(tree)) {
        continue;
      }
      TreeProfile profile = profile(state, tree);
      CompactionLoad loadOfTree =
          load.with(tree != Tree.SHARED, profile.hasOlderShared() && isInShared(state, tree));
      Compaction picked = choice.of(tree, profile.style(), state.levels(tree), loadOfTree);
      if (picked != null) {
        return picked.in(tree);
      }
    }
    return null;
  }

  /// The most useful compaction of one tree.
  public static @Nullable Compaction pick(
      CompactionStyle style, Levels levels, CompactionOptions options, CompactionLoad load) {
    return switch (style) {
      case CompactionStyle.Leveled _ -> CompactionPicker.pick(levels, options, load);
      case CompactionStyle.SizeTiered tiered ->
          SizeTieredPicker.pick(levels, tiered, options, load);
      case CompactionStyle.TimeWindowed windowed ->
          TimeWindowedPicker.pick(levels, windowed, options, load);
    };
  }

  /// The next step of one tree towards no garbage.
  static @Nullable Compaction pickFull(
      CompactionStyle style,
      Levels levels,
      @Nullable KeyRange range,
      CompactionOptions options,
      CompactionLoad load) {
    return switch (style) {
      case CompactionStyle.Leveled _, CompactionStyle.SizeTiered _ ->
          CompactionPicker.pickFull(levels, options, load, range);
      case CompactionStyle.TimeWindowed windowed ->
          TimeWindowedPicker.pickFull(levels, windowed, options, load);
    };
  }

  /// Whether tables of the shared tree may have entries of an own tree's namespace. Once that is
  /// not so it stays so: what is flushed or loaded now goes to the tree.
  private static boolean isInShared(StoreState state, int tree) {
    KeyRange own = Tree.range(tree);
    return !state.levels().overlapping(0, own).isEmpty()
        || state.levels().isOverlappedBelow(0, own);
  }

  private static boolean isIn(@Nullable KeyRange range, int tree) {
    if (range == null || tree == Tree.SHARED) {
      return true;
    }
    KeyRange own = Tree.range(tree);
    return !own.endsBefore(range.smallest()) && !range.endsBefore(own.smallest());
  }

  private static TreeProfile profile(StoreState state, int tree) {
    Tree own = state.trees().get(tree);
    return own == null ? SHARED : own.profile();
  }

  private static Iterable<Integer> inTurn(StoreState state, int lastTree) {
    var trees = new ArrayList<Integer>();
    trees.add(Tree.SHARED);
    trees.addAll(state.trees().keySet());
    int from = trees.indexOf(lastTree) + 1;
    var turn = new ArrayList<Integer>(trees.subList(from, trees.size()));
    turn.addAll(trees.subList(0, from));
    return turn;
  }
}
