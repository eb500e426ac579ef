package io.atlaskv.redis.command;

import java.util.Arrays;

/// The latches of one command: named first, then taken in ascending order (T2 of `Latches`), then
/// given back. Reused.
final class LatchSet {
  private final Latches latches;
  private int[] named = new int[8];
  private int count;
  private int taken;

  LatchSet(Latches latches) {
    this.latches = latches;
  }

  void add(int slot) {
    if (count == named.length) {
      named = Arrays.copyOf(named, 2 * count);
    }
    named[count++] = slot & Latches.COUNT - 1;
  }

  void addAll() {
    named = named.length >= Latches.COUNT ? named : new int[Latches.COUNT];
    for (int i = 0; i < Latches.COUNT; i++) {
      named[i] = i;
    }
    count = Latches.COUNT;
  }

  /// To be called once when all are named.
  void seal() {
    if (count > 1) {
      Arrays.sort(named, 0, count);
      int kept = 1;
      for (int i = 1; i < count; i++) {
        if (named[i] != named[kept - 1]) {
          named[kept++] = named[i];
        }
      }
      count = kept;
    }
  }

  /// Takes what is missing. False: one is taken by another; when it was handed over `whenTaken`
  /// runs, and this must be called again after `granted`.
  boolean takeAll(Runnable whenTaken) {
    while (taken < count) {
      if (!latches.take(named[taken], whenTaken)) {
        return false;
      }
      taken++;
    }
    return true;
  }

  /// Takes all or none.
  boolean tryTakeAll() {
    while (taken < count) {
      if (!latches.tryTake(named[taken])) {
        releaseTaken();
        return false;
      }
      taken++;
    }
    return true;
  }

  /// The latch that was waited for is held now.
  void granted() {
    taken++;
  }

  boolean isTaken() {
    return count > 0 && taken == count;
  }

  /// Gives back all that were taken and keeps their names, for another `takeAll`.
  void releaseTaken() {
    int held = taken;
    taken = 0;
    for (int i = 0; i < held; i++) {
      latches.release(named[i]);
    }
  }

  /// Gives back all and forgets their names.
  void release() {
    releaseTaken();
    count = 0;
    if (named.length > 1024) {
      named = new int[8];
    }
  }
}
