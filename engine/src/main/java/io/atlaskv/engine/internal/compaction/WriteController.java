package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.Tree;
import java.util.Map;

/// How much writers are slowed down so that flushes and compactions keep up: a pure function of
/// what is owed. Nothing at first, then a delay per byte that grows smoothly; there is no point at
/// which writers suddenly stand still.
///
/// Two debts are looked at, each as a fraction between where delaying begins (0) and where it has
/// its full strength (1): tables in level 0, and bytes that compactions must move to bring levels
/// to size. The worst counts. At fraction f a writer gets `(1 - f)²` of what the disk takes in at
/// the pace of compaction, so the closer the limit the slower the approach. For memtables that wait
/// for their flush see [FlushPace].
///
/// Tables in level 0 are what reads pay for, and their limit is the one that is met. A merge of
/// them into a level of some gigabytes owes all of these at once and is no reason to wait; the
/// limit of the bytes is for levels further down that fall behind while level 0 does not.
///
/// @param options shape of the levels
/// @param level0TablesMax tables in level 0 at full strength
/// @param debtBytesMax compaction debt at full strength
/// @param bytesPerSecond what background work is thought to take in
/// @param memtableBytes what a flush makes a table of, or one for each tree
public record WriteController(
    CompactionOptions options,
    int level0TablesMax,
    long debtBytesMax,
    long bytesPerSecond,
    long memtableBytes) {
  private static final double NANOS_PER_SECOND = 1e9;

  /// Largest slow-down: a writer always gets this part of the pace.
  private static final double SHARE_MIN = 1e-3;

  private static final long DEBT_BYTES_MAX = 64L << 30;

  /// Debts below this part of their limit cost nothing.
  private static final double FREE_PART = 0.5;

  public WriteController {
    if (level0TablesMax <= options.level0Tables()
        || debtBytesMax < 1
        || bytesPerSecond < 1
        || memtableBytes < 1) {
      throw new IllegalArgumentException(
          "level0TablesMax="
              + level0TablesMax
              + " debtBytesMax="
              + debtBytesMax
              + " bytesPerSecond="
              + bytesPerSecond
              + " memtableBytes="
              + memtableBytes);
    }
  }

  /// Limits for a store whose memtables have `memtableBytes`.
  public static WriteController of(
      CompactionOptions options, long memtableBytes, long bytesPerSecond) {
    return new WriteController(
        options, 5 * options.level0Tables(), DEBT_BYTES_MAX, bytesPerSecond, memtableBytes);
  }

  /// What compactions of one tree owe.
  ///
  /// @param tables in level 0, or in other styles what stands for it
  private record Debt(int tables, long bytes) {
    /// The same, if no more tables count than full ones would make up their bytes.
    Debt ofFull(long level0Bytes, double fullBytes) {
      return new Debt((int) Math.min(tables, level0Bytes / fullBytes), bytes);
    }
  }

  private Debt debt(Tree tree) {
    Levels levels = tree.levels();
    return switch (tree.profile().style()) {
      case CompactionStyle.Leveled _ -> leveledDebt(levels);
      case CompactionStyle.SizeTiered tiered -> new Debt(SizeTieredPicker.owed(levels, tiered), 0);
      case CompactionStyle.TimeWindowed windowed ->
          new Debt(TimeWindowedPicker.owed(levels, windowed), 0);
    };
  }

  /// Of the shared tree, without the switch above: its first use makes a class, and each open comes
  /// here.
  private Debt leveledDebt(Levels levels) {
    return new Debt(levels.level(0).size(), debtBytes(levels));
  }

  /// How near writers are to being slowed down by what one tree owes: at 1 it begins.
  public double urgency(StoreState state) {
    double urgency = partOfMax(leveledDebt(state.levels()));
    for (Tree tree : state.trees().values()) {
      urgency = Math.max(urgency, partOfMax(debt(tree)));
    }
    return urgency / FREE_PART;
  }

  private double partOfMax(Debt debt) {
    return Math.max((double) debt.tables() / level0TablesMax, (double) debt.bytes() / debtBytesMax);
  }

  /// Delay for each byte written, in nanoseconds.
  public double nanosPerByte(Levels levels) {
    Debt debt = leveledDebt(levels);
    return nanosPerByte(debt.tables(), debt.bytes());
  }

  /// Delay for each byte written by each group of namespaces, in nanoseconds: that of the group's
  /// tree that owes most, at the group's part of the pace. Those who owe enough to be delayed have
  /// all of the pace between them.
  ///
  /// Each flush makes a table for each tree that has anything in the memtable. So how many tables a
  /// tree gets is up to those who fill memtables; how large they are is its own doing. In a store
  /// that is divided they count as full ones: those of a group's part of a memtable.
  public double[] nanosPerByte(StoreState state, IoShares shares) {
    double[] strengths = new double[shares.groups()];
    strengths[IoShares.REST_GROUP] = strength(of(shares, IoShares.REST_GROUP, state.levels()));
    for (Map.Entry<Integer, Tree> tree : state.trees().entrySet()) {
      int group = shares.groupOf(tree.getKey());
      Debt debt =
          tree.getValue().profile().style() instanceof CompactionStyle.Leveled
              ? of(shares, group, tree.getValue().levels())
              : debt(tree.getValue());
      strengths[group] = Math.max(strengths[group], strength(debt));
    }
    long delayed = 0;
    for (int group = 0; group < strengths.length; group++) {
      delayed += strengths[group] > 0 ? shares.ofGroup(group) : 0;
    }
    double[] nanos = new double[strengths.length];
    for (int group = 0; group < nanos.length; group++) {
      nanos[group] =
          nanosPerByte(strengths[group], (double) shares.ofGroup(group) / Math.max(1, delayed));
    }
    return nanos;
  }

  private Debt of(IoShares shares, int group, Levels levels) {
    Debt debt = leveledDebt(levels);
    return shares.isDivided()
        ? debt.ofFull(
            levels.bytes(0), (double) memtableBytes * shares.ofGroup(group) / shares.total())
        : debt;
  }

  private double strength(Debt debt) {
    return strength(debt.tables(), debt.bytes());
  }

  private double strength(int level0Tables, long debtBytes) {
    return Math.max(
        overFree((double) level0Tables / level0TablesMax),
        overFree((double) debtBytes / debtBytesMax));
  }

  /// Delay for each byte written, in nanoseconds; grows with each argument.
  public double nanosPerByte(int level0Tables, long debtBytes) {
    return nanosPerByte(strength(level0Tables, debtBytes), 1);
  }

  /// @param partOfPace what a writer may have of the pace, before debts
  private double nanosPerByte(double strength, double partOfPace) {
    if (strength <= 0) {
      return 0;
    }
    double share = Math.max(SHARE_MIN, (1 - strength) * (1 - strength) * partOfPace);
    return NANOS_PER_SECOND / bytesPerSecond * (1 / share - 1);
  }

  private static double overFree(double partOfMax) {
    return Math.clamp((partOfMax - FREE_PART) / (1 - FREE_PART), 0, 1);
  }

  /// Bytes that compactions must move until no level is above its size: what is too much in a
  /// level, and as many bytes of the level below as it overlaps on average.
  public long debtBytes(Levels levels) {
    LevelTargets targets = LevelTargets.of(levels, options);
    double debt = 0;
    double arriving = 0;
    if (levels.level(0).size() >= options.level0Tables()) {
      arriving = levels.bytes(0);
      debt = arriving + levels.bytes(targets.baseLevel());
    }
    for (int level = targets.baseLevel(); level < Levels.LAST; level++) {
      double excess = levels.bytes(level) + arriving - targets.bytes(level);
      if (excess > 0) {
        double overlap = (double) levels.bytes(level + 1) / Math.max(1, levels.bytes(level));
        debt += excess * (1 + Math.min(overlap, 2.0 * options.levelMultiplier()));
      }
      arriving = Math.max(0, excess);
    }
    return (long) debt;
  }
}
