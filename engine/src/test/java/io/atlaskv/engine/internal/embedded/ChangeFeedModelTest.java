package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Change;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.Player;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.db.StoreModel;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Random histories with flushes, merges, bulk loads, restarts, kills and power cuts, and a feed
/// that is polled at random moments and resumed after each restart: what it delivered is exactly
/// what was committed, in order, each batch once; and a power cut takes back nothing of it. A copy
/// that is kept by the feed, and by scans after bulk loads, is the store's contents in the end.
class ChangeFeedModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.model.histories", 40);
  private static final int STEPS = 600;
  private static final List<String> NAMES = List.of("a", "b");

  @Test
  void aFeedIsTheHistory() {
    long batches = 0;
    int lost = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      var player = new Histories(seed);
      try {
        player.play();
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "replay: ./mvnw test -pl engine -am -Dtest=ChangeFeedModelTest"
                + " -Datlaskv.model.histories=1 -Datlaskv.seed="
                + seed,
            e);
      } finally {
        player.store.kill();
      }
      batches += player.committed.size();
      lost += player.lost;
    }
    System.out.println(
        "ChangeFeedModelTest: " + batches + " batches, " + lost + " lost, seeds from " + SEED);
    assertThat(lost).isPositive(); // else no power cut took anything, and nothing was tested
  }

  private static final class Histories {
    private final SplittableRandom random;
    private final Options options;
    private final List<String> committed = new ArrayList<>();
    private final List<String> delivered = new ArrayList<>();
    private final Map<String, NavigableMap<Bytes, Bytes>> copy = new HashMap<>();
    private FaultFileSystem files;
    private SimStore store;
    private ChangeFeed feed;
    private int lost;

    Histories(long seed) {
      random = new SplittableRandom(seed);
      options = RandomOptions.of(seed).withLogRetainedSegments(100_000);
      files = FaultFileSystem.create(seed).withoutHistory();
      store = SimStore.open(files, random.nextLong(), options);
      feed = store.db().changes(1);
    }

    void play() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(40)) {
          case 0 -> store.db().flush();
          case 1 -> store.db().sync();
          case 2 -> store.db().compact();
          case 3 -> store.scheduler().runFor(random.nextInt(200_000_000));
          case 4, 5, 6, 7 -> poll(random.nextInt(20));
          case 8 -> restart();
          default -> write();
        }
      }
      store.db().sync();
      poll(Integer.MAX_VALUE);
      assertEquals(committed, delivered);
      assertEquals(committed, all(store.db()));
      for (String name : List.of("default", "a", "b")) {
        assertEquals(entries(name), copyOf(name), name);
      }
    }

    private NavigableMap<Bytes, Bytes> copyOf(String name) {
      return copy.computeIfAbsent(name, _ -> new TreeMap<>());
    }

    /// What is in a namespace now; nothing if it is not there.
    private NavigableMap<Bytes, Bytes> entries(String name) {
      Db db = store.db();
      var found = new TreeMap<Bytes, Bytes>();
      db.findNamespace(name)
          .ifPresent(namespace -> {
            try (var entries = namespace.range(Range.all()).stream()) {
              entries.forEach(entry -> found.put(entry.key(), entry.value()));
            }
          });
      return found;
    }

    private void take(Change change) {
      NavigableMap<Bytes, Bytes> own = copyOf(change.namespace());
      switch (change) {
        case Change.Put put -> own.put(put.key(), put.value());
        case Change.Delete delete -> own.remove(delete.key());
        case Change.DeleteRange deletion -> StoreModel.within(own, deletion.range()).clear();
        case Change.NamespaceCreated _, Change.NamespaceDropped _ -> own.clear();
        case Change.BulkLoaded _ -> {
          store.db().sync(); // a power cut must not take back what is found
          own.clear();
          own.putAll(entries(change.namespace()));
        }
      }
    }

    private void load(KeyValueStore target, String name) {
      var keys = new TreeSet<Bytes>();
      for (int i = 1 + random.nextInt(300); i > 0; i--) {
        keys.add(Bytes.of(key()));
      }
      byte[] value = new byte[1 + random.nextInt(60)];
      random.nextBytes(value);
      try (BulkLoad load = target.bulkLoad()) {
        keys.forEach(key -> load.put(key.toArray(), value));
        load.commit();
      }
      committed.add(text(List.of(new Change.BulkLoaded(name))));
    }

    private void write() {
      Db db = store.db();
      KeyValueStore target = db;
      String name = "default";
      if (random.nextInt(3) == 0) {
        name = NAMES.get(random.nextInt(NAMES.size()));
        if (random.nextInt(6) == 0) {
          db.sync();
          poll(Integer.MAX_VALUE); // a feed resumed behind the drop would not know its name
          if (db.dropNamespace(name)) {
            committed.add(text(List.of(new Change.NamespaceDropped(name))));
          }
          return;
        }
        boolean isNew = db.findNamespace(name).isEmpty();
        target = db.namespace(name);
        if (isNew) {
          committed.add(text(List.of(new Change.NamespaceCreated(name))));
        }
      }
      switch (random.nextInt(30)) {
        case 0, 1, 2 -> {
          target.clear();
          committed.add(text(List.of(new Change.DeleteRange(name, Range.all()))));
        }
        case 3, 4, 5 -> {
          Range range =
              random.nextBoolean() ? Range.atLeast(key()) : Range.closedOpen(key(), key());
          target.deleteRange(range);
          if (!range.isEmpty()) {
            committed.add(text(List.of(new Change.DeleteRange(name, range))));
          }
        }
        case 6 -> load(target, name);
        case 7, 8, 9, 10, 11, 12 -> batch(db, target, name);
        default -> {
          var batch = new WriteBatch();
          var changes = new ArrayList<Change>();
          one(batch, db, changes, "default");
          db.write(batch);
          committed.add(text(changes));
        }
      }
    }

    private void batch(Db db, KeyValueStore other, String name) {
      var batch = new WriteBatch();
      var changes = new ArrayList<Change>();
      for (int i = 1 + random.nextInt(8); i > 0; i--) {
        boolean isOther = random.nextBoolean();
        one(batch, isOther ? other : db, changes, isOther ? name : "default");
      }
      db.write(batch);
      committed.add(text(changes));
    }

    private void one(WriteBatch batch, KeyValueStore target, List<Change> changes, String name) {
      byte[] key = key();
      if (random.nextInt(4) == 0) {
        batch.delete(target, key);
        changes.add(new Change.Delete(name, Bytes.of(key)));
      } else {
        byte[] value = new byte[random.nextInt(random.nextInt(20) == 0 ? 5_000 : 60)];
        batch.put(target, key, value);
        changes.add(new Change.Put(name, Bytes.of(key), Bytes.of(value)));
      }
    }

    private byte[] key() {
      return new byte[] {(byte) random.nextInt(256), (byte) random.nextInt(3)};
    }

    private void poll(int most) {
      long next = feed.nextSequence();
      for (int i = 0; i < most; i++) {
        ChangeBatch batch = random.nextBoolean() ? feed.poll() : feed.poll(Duration.ofNanos(1));
        if (batch == null) {
          return;
        }
        assertThat(batch.firstSequence()).isGreaterThanOrEqualTo(next);
        assertThat(batch.timeMillis()).isPositive();
        next = batch.lastSequence() + 1;
        assertEquals(next, feed.nextSequence());
        delivered.add(text(batch.changes()));
        batch.changes().forEach(this::take);
      }
    }

    private void restart() {
      long next = feed.nextSequence();
      switch (random.nextInt(3)) {
        case 0 -> store.close();
        case 1 -> store.kill();
        default -> {
          FaultFileSystem left = files.crash(random.nextLong());
          store.kill();
          files = left.withoutHistory();
        }
      }
      store = SimStore.open(files, random.nextLong(), options);
      List<String> kept = all(store.db());
      assertEquals(committed.subList(0, kept.size()), kept);
      assertThat(kept.size()).isGreaterThanOrEqualTo(delivered.size());
      lost += committed.size() - kept.size();
      committed.subList(kept.size(), committed.size()).clear();
      feed = store.db().changes(next);
    }

    /// Short, and equal only for equal changes.
    private static String text(List<Change> changes) {
      return changes.size() == 1 && changes.getFirst() instanceof Change.Put put
          ? put.namespace() + " " + put.key() + "=" + Player.text(put.value())
          : changes.size() + " " + Integer.toHexString(changes.hashCode());
    }

    /// All there is of the history.
    private static List<String> all(Db db) {
      var all = new ArrayList<String>();
      try (ChangeFeed from = db.changes(1, ChangeFeed.Delivery.WRITTEN)) {
        for (ChangeBatch batch = from.poll(); batch != null; batch = from.poll()) {
          all.add(text(batch.changes()));
        }
        assertEquals(db.statistics().lastSequence() + 1, from.nextSequence());
      }
      return all;
    }
  }
}
