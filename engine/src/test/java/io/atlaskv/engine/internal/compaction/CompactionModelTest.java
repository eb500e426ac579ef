package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Random writes, snapshots, flushes and compactions with tiny tables and levels, merges whole or
/// in up to four parts; after each flush and compaction every live snapshot sees exactly what it
/// saw when it was taken.
class CompactionModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final CompactionOptions TINY =
      new CompactionOptions(3, 4_000, 3, 1_500, 20_000, 2, 30, 1);

  private final NavigableMap<Bytes, Bytes> model = new TreeMap<>();
  private final TreeMap<Long, NavigableMap<Bytes, Bytes>> views = new TreeMap<>();
  private final List<Bytes> keys = new ArrayList<>();
  private final EnumMap<Compaction.Kind, Integer> done = new EnumMap<>(Compaction.Kind.class);
  private int deepLevels;
  private int cutMerges;

  @Test
  void everySnapshotSeesWhatItSaw() {
    for (long seed = SEED; seed < SEED + 12; seed++) {
      run(seed);
    }
    for (Compaction.Kind kind : Compaction.Kind.values()) {
      assertTrue(done.getOrDefault(kind, 0) > 0, "what happened: " + done);
    }
    assertTrue(deepLevels > 0, "only the last level was ever used");
    assertTrue(cutMerges > 50, "cut merges: " + cutMerges);
  }

  private void run(long seed) {
    var random = new Random(seed);
    String repro = "rerun: -Datlaskv.seed=" + seed;
    model.clear();
    views.clear();
    keys.clear();
    int keyCount = 5 + random.nextInt(200);
    for (int i = 0; i < keyCount; i++) {
      keys.add(Bytes.ofUtf8("key%05d".formatted(i * 7)));
    }
    var tables = TableOptions.DEFAULT.withBlockBytes(256);
    CompactionOptions options = TINY.withPartsMax(1 + random.nextInt(4));
    try (var store = new CompactedStore(SimPorts.create(seed).ports(), options, tables)) {
      for (int round = 0; round < 40; round++) {
        for (int i = random.nextInt(80); i >= 0; i--) {
          write(store, random);
          if (random.nextInt(60) == 0) {
            store.snapshots().add(store.lastSequence());
            views.put(store.lastSequence(), new TreeMap<>(model));
          }
        }
        while (!views.isEmpty() && random.nextInt(3) == 0) {
          long released =
              views.keySet().stream().skip(random.nextInt(views.size())).findFirst().orElseThrow();
          views.remove(released);
          store.snapshots().remove(released);
        }
        store.flush();
        check(store, repro + " round " + round + " after flush");
        boolean isIdle = random.nextInt(4) == 0;
        for (int i = 0; i < 4; i++) {
          Compaction compaction = store.compactOnce(isIdle, random.nextInt(8) == 0);
          if (compaction == null) {
            break;
          }
          check(store, repro + " round " + round + " after " + compaction);
          done.merge(compaction.kind(), 1, Integer::sum);
          deepLevels += compaction.outputLevel() < Levels.LAST ? 1 : 0;
        }
      }
      store.compactFully();
      check(store, repro + " after full compaction");
      views.clear();
      store.snapshots().clear();
      store.compactFully();
      cutMerges += store.cutMerges();
      check(store, repro + " after full compaction without snapshots");
      requireNothingDead(store, repro);
    }
  }

  private void write(CompactedStore store, Random random) {
    Bytes key = keys.get(random.nextInt(keys.size()));
    switch (random.nextInt(12)) {
      case 0 -> {
        int start = random.nextInt(keys.size());
        int end = Math.min(keys.size() - 1, start + 1 + random.nextInt(20));
        if (start < end) {
          store.deleteRange(keys.get(start), keys.get(end));
          model.subMap(keys.get(start), keys.get(end)).clear();
        }
      }
      case 1, 2, 3 -> {
        store.delete(key);
        model.remove(key);
      }
      default -> {
        byte[] bytes = new byte[random.nextInt(120)];
        random.nextBytes(bytes);
        Bytes value = Bytes.of(bytes);
        store.put(key, value);
        model.put(key, value);
      }
    }
  }

  private void check(CompactedStore store, String message) {
    assertEquals(model, store.contents(store.lastSequence(), keys), message);
    views.forEach((snapshot, view) ->
        assertEquals(view, store.contents(snapshot, keys), message + " at " + snapshot));
  }

  /// With no snapshots, a full compaction leaves one entry per key, no tombstones, and all of it in
  /// the last level.
  private void requireNothingDead(CompactedStore store, String message) {
    long entries = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : store.levels().level(level)) {
        assertEquals(Levels.LAST, level, message);
        assertTrue(!table.hasGarbage(), message + " " + table);
        entries += table.entries();
      }
    }
    assertEquals(model.size(), entries, message);
  }
}
