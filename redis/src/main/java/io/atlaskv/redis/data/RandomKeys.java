package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.redis.store.Reader;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// Draws a key of a database at random.
///
/// Of few keys one is taken by its place in their order. Of many, stored versions are drawn from
/// memtables and tables until one is the newest of a live key, which gives each key about the same
/// chance in O(log n): tables are drawn by their number of entries, and blocks of about the same
/// size. If many draws are in vain, because this database is a small part of the store or most of
/// it is overwritten, it is the key that follows the last draw, or the first one.
public final class RandomKeys {
  private static final int FEW = 128;
  private static final int DRAWS_MAX = 256;

  private final Keyspace keys;
  private final long expiredMax;
  private final DrawnKey drawn = new DrawnKey();
  private boolean isMissing;
  private boolean isForWorker;
  private byte @Nullable [] key;

  /// @param expiredMax most expired keys to pass over while looking for one that lives
  public RandomKeys(Keyspace keys, long expiredMax) {
    this.keys = keys;
    this.expiredMax = expiredMax;
  }

  /// True if more keys than `expiredMax` had expired: nothing was drawn.
  public boolean isForWorker() {
    return isForWorker;
  }

  /// Draws one: `Reader.FOUND`, `ABSENT` if there is none or `isForWorker`, or `NEEDS_BLOCKS`.
  ///
  /// @param count keys of the database, about
  public int draw(long count) {
    if (count <= FEW) {
      return walk(KeyBounds.all(), ThreadLocalRandom.current().nextLong(Math.max(1, count)));
    }
    int namespace = keys.namespace();
    byte[] lower = KeyBounds.all().lowerRow(namespace);
    byte[] upper = KeyBounds.all().upperRow(namespace);
    isMissing = false;
    int answer = keys.reader().draw(lower, upper, DRAWS_MAX, drawn, this::isNewest);
    if (answer == Reader.NEEDS_BLOCKS || isMissing) {
      return Reader.NEEDS_BLOCKS;
    }
    if (answer == Reader.FOUND) {
      key = clientKey(drawn.key());
      return answer;
    }
    byte[] last = drawn.key();
    boolean isHere =
        Arrays.compareUnsigned(last, lower) >= 0 && Arrays.compareUnsigned(last, upper) < 0;
    return walk(isHere ? new KeyBounds(clientKey(last), null) : KeyBounds.all(), 0);
  }

  private boolean isNewest() {
    int found = keys.findRow(drawn.key(), drawn.key().length);
    isMissing = found == Reader.NEEDS_BLOCKS;
    return isMissing || (found == Reader.FOUND && keys.sequence() == drawn.sequence());
  }

  private static byte[] clientKey(byte[] row) {
    return Arrays.copyOfRange(row, RowKey.METADATA_PREFIX_BYTES, row.length);
  }

  /// To the key that so many others precede, or the first one if there are not so many.
  private int walk(KeyBounds bounds, long preceding) {
    byte[] first = null;
    try (KeyCursor at = KeyCursor.open(keys, bounds, false).passAtMost(expiredMax)) {
      long rest = preceding;
      int state = at.first();
      for (; state == Reader.FOUND && rest > 0 && !at.isExpired(); rest--) {
        first = first == null ? at.copyKey() : first;
        state = at.next();
      }
      if (state == Reader.NEEDS_BLOCKS) {
        return state;
      }
      isForWorker = state == Reader.FOUND && at.isExpired();
      if (isForWorker) {
        return Reader.ABSENT;
      }
      key = state == Reader.FOUND ? at.copyKey() : first;
    }
    if (key == null && bounds.lowerRow(0).length > RowKey.METADATA_PREFIX_BYTES) {
      return walk(KeyBounds.all(), 0);
    }
    return key == null ? Reader.ABSENT : Reader.FOUND;
  }

  /// What was drawn.
  public byte[] key() {
    if (key == null) {
      throw new IllegalStateException("nothing was drawn");
    }
    return key.clone();
  }
}
