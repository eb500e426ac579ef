package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random histories of a namespace with a filter that drops, replaces and keeps, under random
/// options: snapshots, merges in parts, restarts, kills and power cuts. When the filter is asked is
/// not said, so a value that it drops may be found or not, and one that it replaces as either; but
/// once its answer was seen, nothing else is found until the key is written again, and never a
/// value of before.
class CompactionFilterModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.model.histories", 12);
  private static final int STEPS = 600;
  private static final int KEYS = 150;
  private static final int SNAPSHOTS = 3;
  private static final String NAME = "filtered";
  private static final byte DROP = 0;
  private static final byte REPLACE = 1;
  private static final byte REPLACED = 2;
  private static final byte KEEP = 3;

  /// What a key was last written with, and what of it was found already.
  private static final class Written {
    private final Bytes value;
    private final @Nullable Instant expiry;
    private boolean isFiltered;

    Written(Bytes value, @Nullable Instant expiry) {
      this.value = value;
      this.expiry = expiry;
    }

    Written copy() {
      var copy = new Written(value, expiry);
      copy.isFiltered = isFiltered;
      return copy;
    }
  }

  /// A snapshot, its reader, and what it saw when it was taken.
  private record Past(
      Snapshot snapshot, KeyValueReader reader, NavigableMap<Bytes, Written> entries) {}

  private static byte @Nullable [] filter(byte[] value) {
    return switch (value[0]) {
      case DROP -> null;
      case REPLACE -> {
        byte[] replaced = new byte[value.length / 2 + 5];
        System.arraycopy(value, 0, replaced, 0, 5); // type and number
        replaced[0] = REPLACED;
        yield replaced;
      }
      default -> value;
    };
  }

  @Test
  void itsAnswersAreFoundOrNotYetAndNothingElse() {
    long dropped = 0;
    long replaced = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      var history = new History(seed);
      try {
        history.play();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "replay: ./mvnw test -pl engine -am -Dtest=CompactionFilterModelTest"
                + " -Datlaskv.model.histories=1 -Datlaskv.seed="
                + seed,
            e);
      } finally {
        history.store.kill();
      }
      dropped += history.dropped;
      replaced += history.replaced;
    }
    System.out.println(
        "CompactionFilterModelTest: "
            + dropped
            + " values dropped, "
            + replaced
            + " replaced, seeds from "
            + SEED);
    assertThat(dropped).isPositive();
    assertThat(replaced).isPositive();
  }

  private static final class History {
    private final SplittableRandom random;
    private final Options options;
    private final NavigableMap<Bytes, Written> model = new TreeMap<>();
    private final List<Past> pasts = new ArrayList<>();
    private FaultFileSystem files;
    private SimStore store;
    private KeyValueStore namespace;
    private int written;
    private long dropped;
    private long replaced;

    History(long seed) {
      random = new SplittableRandom(seed);
      options =
          RandomOptions.of(seed)
              .withSubcompactionsMax(1 + random.nextInt(4))
              .withCompactionFilters(Map.of(NAME, (_, value) -> filter(value)));
      files = FaultFileSystem.create(seed).withoutHistory();
      store = SimStore.open(files, random.nextLong(), options);
      namespace = db().namespace(NAME);
    }

    private Db db() {
      return store.db();
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(50)) {
          case 0, 1 -> db().flush();
          case 2 -> db().compact();
          case 3 -> store.scheduler().runFor(random.nextInt(200_000_000));
          case 4 -> restart();
          case 5, 6 -> takeSnapshot();
          case 7 -> closeSnapshots();
          case 8 -> namespace.compact(Range.atLeast(key().toArray()));
          case 9, 10, 11 -> check(namespace, model);
          case 12, 13 -> checkSnapshots();
          case 14 -> deleteRange();
          case 15, 16 -> write();
          case 17, 18, 19, 20 -> {
            Bytes key = key();
            namespace.delete(key.toArray());
            model.remove(key);
          }
          default -> put();
        }
      }
      check(namespace, model);
      checkSnapshots();
      closeSnapshots();
      db().compact();
      check(namespace, model);
      db().verify();
    }

    private Bytes key() {
      return Bytes.ofUtf8("key" + random.nextInt(KEYS));
    }

    /// Each is another one, in its first bytes.
    private Bytes value() {
      byte[] value = new byte[5 + random.nextInt(random.nextBoolean() ? 4_000 : 100)];
      random.nextBytes(value); // not to be compressed: merges are to have parts
      value[0] =
          switch (random.nextInt(4)) {
            case 0 -> DROP;
            case 1 -> REPLACE;
            default -> KEEP;
          };
      int number = written++;
      for (int i = 1; i < 5; i++) {
        value[i] = (byte) (number >> (8 * i - 8));
      }
      return Bytes.of(value);
    }

    private void put() {
      Bytes key = key();
      Bytes value = value();
      if (random.nextInt(5) == 0) {
        Instant end = Instant.ofEpochMilli(Long.MAX_VALUE / 2 + random.nextInt(100));
        namespace.put(key.toArray(), value.toArray(), Expiry.at(end));
        model.put(key, new Written(value, end));
      } else {
        namespace.put(key.toArray(), value.toArray());
        model.put(key, new Written(value, null));
      }
    }

    private void write() {
      var batch = new WriteBatch();
      for (int i = random.nextInt(40); i >= 0; i--) {
        Bytes key = key();
        Bytes value = value();
        batch.put(namespace, key.toArray(), value.toArray());
        model.put(key, new Written(value, null));
      }
      db().write(batch);
    }

    private void deleteRange() {
      Bytes one = key();
      Bytes other = key();
      Range range = one.compareTo(other) <= 0 ? new Range(one, other) : new Range(other, one);
      namespace.deleteRange(range);
      StoreModel.within(model, range).clear();
    }

    private void takeSnapshot() {
      if (pasts.size() == SNAPSHOTS) {
        closeSnapshots();
      }
      var entries = new TreeMap<Bytes, Written>();
      model.forEach((key, value) -> entries.put(key, value.copy()));
      Snapshot snapshot = db().snapshot();
      pasts.add(new Past(snapshot, snapshot.of(namespace), entries));
    }

    private void closeSnapshots() {
      pasts.forEach(past -> past.snapshot().close());
      pasts.clear();
    }

    private void checkSnapshots() {
      pasts.forEach(past -> check(past.reader(), past.entries()));
    }

    /// All that is found is allowed; what is missing, too.
    private void check(KeyValueReader reader, NavigableMap<Bytes, Written> expected) {
      var found = new TreeMap<Bytes, Bytes>();
      try (var cursor = reader.range(Range.all()).open()) {
        for (; cursor.isValid(); cursor.next()) {
          found.put(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
        }
      }
      assertThat(expected.keySet()).containsAll(found.keySet());
      expected.forEach((key, value) -> check(key, value, found.get(key)));
      expected.forEach((key, value) -> { // a read that waits lets merges go on
        byte[] point = reader.get(key.toArray());
        check(key, value, point == null ? null : Bytes.of(point));
        if (value.value.toArray()[0] != DROP) {
          assertThat(reader.expiryOf(key.toArray())).as(key.toUtf8()).isEqualTo(value.expiry);
        }
      });
    }

    private void check(Bytes key, Written expected, @Nullable Bytes found) {
      if (!expected.isFiltered && expected.value.equals(found)) {
        return;
      }
      byte[] filtered = filter(expected.value.toArray());
      assertThat(found).as(key.toUtf8()).isEqualTo(filtered == null ? null : Bytes.of(filtered));
      if (!expected.isFiltered) {
        expected.isFiltered = true;
        if (filtered == null) {
          dropped++;
        } else {
          replaced++;
        }
      }
    }

    private void restart() {
      closeSnapshots();
      switch (random.nextInt(3)) {
        case 0 -> store.close();
        case 1 -> store.kill();
        default -> {
          db().sync();
          store.scheduler().runFor(random.nextInt(20_000_000)); // into a merge, now and then
          FaultFileSystem left = files.crash(random.nextLong());
          store.kill();
          files = left.withoutHistory();
        }
      }
      store = SimStore.open(files, random.nextLong(), options);
      namespace = db().namespace(NAME);
    }
  }
}
