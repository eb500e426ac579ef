package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;

/// Room for runs in one table, which is what a merge of runs of level 0 makes: its index, its
/// filter and the hashes of its keys are put together in memory, each in one buffer.
final class RunRoom {
  /// The hashes of so many keys take 1 GiB, half of what a buffer holds.
  static final long ENTRIES_MAX = 1L << 27;

  /// The index of so many bytes has some eight million separators.
  static final long BYTES_MAX = 32L << 30;

  private long entries;
  private long bytes;

  /// Whether all of these fit into one table.
  static boolean isEnoughFor(List<TableMeta> runs) {
    var room = new RunRoom();
    runs.forEach(room::take);
    return room.entries <= ENTRIES_MAX && room.bytes <= BYTES_MAX;
  }

  /// Whether a run leaves room for another one like it.
  static boolean isEnoughForTwo(TableMeta run) {
    return run.entries() <= ENTRIES_MAX / 2 && run.bytes() <= BYTES_MAX / 2;
  }

  /// Whether one more fits.
  boolean isEnoughFor(TableMeta run) {
    return entries + run.entries() <= ENTRIES_MAX && bytes + run.bytes() <= BYTES_MAX;
  }

  void take(TableMeta run) {
    entries += run.entries();
    bytes += run.bytes();
  }

  /// All of it is free again.
  void clear() {
    entries = 0;
    bytes = 0;
  }
}
