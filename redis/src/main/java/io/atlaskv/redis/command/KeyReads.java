package io.atlaskv.redis.command;

import io.atlaskv.redis.data.Databases;
import java.util.concurrent.atomic.AtomicLongArray;

/// Reads of keys, counted for each database. One thread counts, any may read a moment later.
public final class KeyReads {
  private final AtomicLongArray hits = new AtomicLongArray(Databases.COUNT);
  private final AtomicLongArray misses = new AtomicLongArray(Databases.COUNT);
  private final AtomicLongArray hitBytes = new AtomicLongArray(Databases.COUNT);

  void add(int database, long moreHits, long moreMisses, long moreHitBytes) {
    if (moreHits > 0) {
      hits.setOpaque(database, hits.getPlain(database) + moreHits);
      hitBytes.setOpaque(database, hitBytes.getPlain(database) + moreHitBytes);
    }
    if (moreMisses > 0) {
      misses.setOpaque(database, misses.getPlain(database) + moreMisses);
    }
  }

  void addAll(KeyReads other) {
    for (int number = 0; number < Databases.COUNT; number++) {
      add(number, other.hits(number), other.misses(number), other.hitBytes(number));
    }
  }

  void clear() {
    for (int number = 0; number < Databases.COUNT; number++) {
      hits.setOpaque(number, 0);
      misses.setOpaque(number, 0);
      hitBytes.setOpaque(number, 0);
    }
  }

  /// Reads that found a key of a database.
  public long hits(int database) {
    return hits.getOpaque(database);
  }

  /// Reads that found none.
  public long misses(int database) {
    return misses.getOpaque(database);
  }

  /// Bytes of the values of the keys found, whether they were asked for or not.
  public long hitBytes(int database) {
    return hitBytes.getOpaque(database);
  }
}
