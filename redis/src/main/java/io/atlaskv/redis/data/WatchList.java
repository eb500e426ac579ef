package io.atlaskv.redis.data;

import java.util.ArrayList;
import java.util.List;

/// The keys that one client watches. Its own thread uses it; any thread that has changed one of
/// them says so by `touch`.
public final class WatchList {
  private static final int OVERHEAD_BYTES = 128; // of one key, its own bytes apart

  private final List<Watch> watches = new ArrayList<>();
  private final List<Watch> staged = new ArrayList<>();
  private long bytes;
  private volatile boolean isTouched;

  /// True if one of the keys is no longer what it was; `nowMillis` says which have expired since.
  public boolean isTouched(long nowMillis) {
    if (isTouched) {
      return true;
    }
    for (int i = 0; i < watches.size(); i++) {
      long expiresAt = watches.get(i).expiresAt;
      if (expiresAt != 0 && expiresAt <= nowMillis) {
        return true;
      }
    }
    return false;
  }

  /// True if one of the keys was changed, the passing of time apart.
  public boolean isTouched() {
    return isTouched;
  }

  /// One of the keys is no longer what it was. From any thread.
  public void touch() {
    isTouched = true;
  }

  /// Heap that further keys would take, about.
  ///
  /// @param keyBytes bytes of all of them
  public static long bytes(int keys, long keyBytes) {
    return (long) (RowKey.METADATA_PREFIX_BYTES + OVERHEAD_BYTES) * keys + keyBytes;
  }

  /// Heap it takes, about.
  public long bytes() {
    return bytes;
  }

  /// Number of keys.
  public int count() {
    return watches.size();
  }

  /// Metadata row of one of the keys.
  public byte[] row(int i) {
    return watches.get(i).row;
  }

  /// Prepares the watch of the key that `keys` has just looked for; it counts with
  /// `WatchedKeys.add`.
  public void stage(int database, Keyspace keys, boolean isPresent) {
    staged.add(new Watch(this, database, keys.copyRow(), isPresent, keys.expiresAt()));
  }

  /// Forgets what was prepared.
  public void dropStaged() {
    staged.clear();
  }

  List<Watch> staged() {
    return staged;
  }

  void add(Watch watch) {
    watches.add(watch);
    bytes += watch.row.length + OVERHEAD_BYTES;
  }

  List<Watch> watches() {
    return watches;
  }
}
