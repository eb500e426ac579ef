package io.atlaskv.engine.internal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random moves of a cursor in both directions while its transaction writes and goes back to
/// savepoints, against a sorted map.
class TransactionCursorTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.transactions.cursors", 60);
  private static final int STEPS = 400;
  private static final int KEYS = 30;

  @Test
  void movesAsOnASortedMap() {
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      play(seed);
    }
  }

  private static byte[] bytes(int number) {
    return Codec.int32().toBytes(number);
  }

  private static void play(long seed) {
    var random = new Random(seed);
    var rows = new TreeMap<Integer, Integer>();
    try (var store = SimStore.open(FaultFileSystem.create(seed), seed, RandomOptions.of(seed))) {
      Db db = store.db();
      for (int i = random.nextInt(KEYS); i > 0; i--) {
        int key = random.nextInt(KEYS);
        rows.put(key, -i);
        db.put(bytes(key), bytes(-i));
        if (random.nextInt(10) == 0) {
          db.flush();
        }
      }
      var isolation = random.nextBoolean() ? Isolation.SERIALIZABLE : Isolation.SNAPSHOT;
      try (Transaction tx = db.begin(TransactionOptions.DEFAULT.withIsolation(isolation))) {
        var history = new History(tx, rows, random);
        for (int step = 0; step < STEPS; step++) {
          history.step("seed " + seed + ", step " + step);
        }
        tx.commit();
      }
      try (var entries = db.range(Range.all()).stream()) {
        var found = new TreeMap<Integer, Integer>();
        entries.forEach(entry ->
            found.put(
                Codec.int32().fromBytes(entry.key().toArray()),
                Codec.int32().fromBytes(entry.value().toArray())));
        assertEquals(rows, found, "committed, seed " + seed);
      }
    }
  }

  /// A transaction with one cursor, and the map that it should be.
  private static final class History {
    private final Transaction tx;
    private final NavigableMap<Integer, Integer> all;
    private final Random random;
    private NavigableMap<Integer, Integer> shown = new TreeMap<>(); // a view, in query order
    private @Nullable Cursor cursor;
    private @Nullable Integer at;
    private int written;
    private Transaction.@Nullable Savepoint savepoint;
    private TreeMap<Integer, Integer> saved = new TreeMap<>();

    History(Transaction tx, NavigableMap<Integer, Integer> all, Random random) {
      this.tx = tx;
      this.all = all;
      this.random = random;
    }

    void step(String message) {
      if (cursor == null || random.nextInt(25) == 0) {
        open();
      } else if (random.nextInt(3) == 0) {
        write();
        return;
      } else {
        move();
      }
      check(message);
    }

    private void open() {
      if (cursor != null) {
        cursor.close();
      }
      int from = random.nextInt(KEYS);
      int to = from + random.nextInt(KEYS);
      RangeQuery query = tx.range(Range.closedOpen(bytes(from), bytes(to)));
      shown = all.subMap(from, true, to, false);
      if (random.nextBoolean()) {
        query = query.reverse();
        shown = shown.descendingMap();
      }
      cursor = query.open();
      at = first(shown.firstEntry());
    }

    private static @Nullable Integer first(Map.@Nullable Entry<Integer, Integer> entry) {
      return entry == null ? null : entry.getKey();
    }

    private void write() {
      int key = random.nextInt(KEYS);
      int value = ++written;
      switch (random.nextInt(8)) {
        case 0 -> {
          int end = key + random.nextInt(8);
          tx.deleteRange(Range.closedOpen(bytes(key), bytes(end)));
          all.subMap(key, true, end, false).clear();
        }
        case 1, 2 -> {
          tx.delete(bytes(key));
          all.remove(key);
        }
        case 3 -> {
          savepoint = tx.savepoint();
          saved = new TreeMap<>(all);
        }
        case 4 -> {
          if (savepoint != null) {
            tx.rollbackTo(savepoint);
            all.clear();
            all.putAll(saved);
          }
        }
        default -> {
          tx.put(bytes(key), bytes(value));
          all.put(key, value);
        }
      }
    }

    private void move() {
      int key = random.nextInt(KEYS);
      int kind = random.nextInt(10);
      if (kind < 4 && at != null) {
        cursor.next();
        at = shown.higherKey(at);
      } else if (kind < 8 && at != null) {
        cursor.prev();
        at = shown.lowerKey(at);
      } else if (kind == 8) {
        cursor.seekToLast();
        at = first(shown.lastEntry());
      } else if (random.nextBoolean()) {
        cursor.seekToFirst();
        at = first(shown.firstEntry());
      } else {
        cursor.seek(bytes(key));
        // a bound outside of the view's range is an error of the map, not of the cursor
        at = null;
        for (Integer candidate : shown.keySet()) {
          if (shown.comparator() == null ? candidate >= key : candidate <= key) {
            at = candidate;
            break;
          }
        }
      }
    }

    private void check(String message) {
      assertEquals(at != null, cursor.isValid(), message);
      if (at != null) {
        assertEquals(at, cursor.key(Codec.int32()), message);
        assertEquals(all.get(at), cursor.value(Codec.int32()), message);
        assertEquals(all.get(at), Codec.int32().fromBytes(cursor.value()), message);
        assertEquals(Integer.BYTES, cursor.valueLength(), message);
      }
    }
  }
}
