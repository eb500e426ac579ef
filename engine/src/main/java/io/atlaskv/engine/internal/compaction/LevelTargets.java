package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.Levels;

/// How large each level should be. The last level holds most data and is as large as it is; going
/// up, each level may be `levelMultiplier` times smaller. Levels that would get smaller than
/// `baseLevelBytes` are not used: level 0 is merged into the first one that is, the base level. So
/// whatever the store's size, all levels above the last together hold at most about 11 % of it,
/// which bounds the space that overwritten entries take.
///
/// @param baseLevel level that level 0 is merged into
/// @param lastLevelBytes size from which the targets are derived
record LevelTargets(int baseLevel, long lastLevelBytes, int levelMultiplier) {
  static LevelTargets of(Levels levels, CompactionOptions options) {
    long largest = 0;
    int firstUsed = Levels.LAST;
    for (int level = Levels.LAST; level > 0; level--) {
      if (!levels.level(level).isEmpty()) {
        largest = Math.max(largest, levels.bytes(level));
        firstUsed = level;
      }
    }
    int base = Levels.LAST;
    long target = largest;
    while (base > 1 && target / options.levelMultiplier() >= options.baseLevelBytes()) {
      target /= options.levelMultiplier();
      base--;
    }
    return new LevelTargets(Math.min(base, firstUsed), largest, options.levelMultiplier());
  }

  /// Target size of a level from the base level to the last but one.
  long bytes(int level) {
    long target = lastLevelBytes;
    for (int below = Levels.LAST; below > level; below--) {
      target /= levelMultiplier;
    }
    return Math.max(1, target);
  }
}
