package io.atlaskv.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Merges that are cut into parts.
class MergePartsTest {
  private static final int TABLE_BYTES = 8_000;
  private static final int PARTS = 4;
  private static final CompactionOptions WHOLE =
      new CompactionOptions(2, 1 << 20, 10, TABLE_BYTES, 1 << 20, 3, 30, 1);
  private static final CompactionOptions CUT = WHOLE.withPartsMax(PARTS);
  private static final TableOptions TABLES = TableOptions.DEFAULT.withBlockBytes(512);

  private static CompactedStore store(CompactionOptions options) {
    return new CompactedStore(SimPorts.create(42).ports(), options, TABLES);
  }

  private static Bytes key(int index) {
    return Bytes.ofUtf8("key%05d".formatted(index));
  }

  private static Bytes value(Random random) {
    byte[] value = new byte[100];
    random.nextBytes(value);
    return Bytes.of(value);
  }

  /// Four tables over all keys in level 0, with deletions of ranges in each.
  private static void fill(CompactedStore store) {
    var random = new Random(7);
    for (int table = 0; table < 4; table++) {
      for (int i = 0; i < 500; i++) {
        store.put(key(random.nextInt(2_000)), value(random));
      }
      store.deleteRange(key(300 * table), key(300 * table + 450));
      store.snapshots().add(store.lastSequence());
      store.flush();
    }
  }

  private static CompactionJob pick(CompactedStore store, CompactionOptions options) {
    Compaction picked =
        CompactionPicker.pickFull(store.levels(), options, store.load(false, false));
    assertThat(picked).isNotNull();
    return store.job(picked);
  }

  @Test
  void partsAreAboutEqualAndTheirTablesDoNotOverlap() {
    try (CompactedStore store = store(CUT)) {
      fill(store);
      CompactionJob job = pick(store, CUT);
      assertThat(job.parts()).hasSize(PARTS);
      while (job.step()) {}
      for (MergePart part : job.parts()) {
        assertThat(part.writtenBytes())
            .isBetween(job.writtenBytes() / PARTS / 2, job.writtenBytes() / PARTS * 2);
      }
      store.versions().apply(job.edit());
      List<TableMeta> tables = store.levels().level(Levels.LAST);
      for (int i = 1; i < tables.size(); i++) {
        assertThat(tables.get(i - 1).endsBefore(tables.get(i).smallest())).isTrue();
      }
      assertThat(store.levels().level(0)).isEmpty();
    }
  }

  @Test
  void everySnapshotSeesTheSameAsAfterAWholeMergeWhateverPartIsSteppedWhen() {
    for (int seed = 0; seed < 8; seed++) {
      try (CompactedStore whole = store(WHOLE);
          CompactedStore cut = store(CUT)) {
        fill(whole);
        fill(cut);
        whole.compactFully();
        CompactionJob job = pick(cut, CUT);
        var random = new Random(seed);
        var open = new ArrayList<>(job.parts());
        while (!open.isEmpty()) {
          MergePart part = open.get(random.nextInt(open.size()));
          if (!part.step()) {
            open.remove(part);
          }
        }
        assertThat(job.step()).isFalse();
        cut.versions().apply(job.edit());
        assertThat(entries(cut)).isEqualTo(entries(whole));
        for (long snapshot : whole.snapshots()) {
          assertThat(cut.contents(snapshot, List.of(key(300), key(449), key(450))))
              .isEqualTo(whole.contents(snapshot, List.of()));
        }
      }
    }
  }

  private static long entries(CompactedStore store) {
    return store.levels().level(Levels.LAST).stream().mapToLong(TableMeta::entries).sum();
  }

  @Test
  void versionsOfOneKeyAreNotCut() {
    try (CompactedStore store = store(CUT)) {
      var random = new Random(1);
      for (int table = 0; table < 2; table++) {
        for (int i = 0; i < 400; i++) {
          store.snapshots().add(store.put(key(1), value(random)));
        }
        store.flush();
      }
      CompactionJob job = pick(store, CUT);
      while (job.step()) {}
      store.versions().apply(job.edit());
      assertThat(store.levels().level(Levels.LAST)).hasSize(1);
      assertThat(entries(store)).isEqualTo(800);
    }
  }

  @Test
  void smallMergesAreNotCut() {
    try (CompactedStore store = store(CUT)) {
      var random = new Random(1);
      for (int table = 0; table < 2; table++) {
        for (int i = 0; i < 20; i++) {
          store.put(key(i), value(random));
        }
        store.flush();
      }
      assertThat(pick(store, CUT).parts()).hasSize(1);
    }
  }

  @Test
  void aJobThatIsGivenUpLeavesNothingOfAnyPart() {
    SimPorts world = SimPorts.create(42);
    try (var store = new CompactedStore(world.ports(), CUT, TABLES)) {
      fill(store);
      long before = tableFiles(world);
      CompactionJob job = pick(store, CUT);
      for (int i = 0; i < 2 * PARTS; i++) {
        assertThat(job.step()).isTrue();
      }
      assertThat(job.parts()).allSatisfy(part -> assertThat(part.writtenBytes()).isPositive());
      assertThat(tableFiles(world)).isGreaterThanOrEqualTo(before + PARTS);
      job.abandon();
      assertThat(tableFiles(world)).isEqualTo(before);
    }
  }

  private static long tableFiles(SimPorts world) {
    return world.files().list().stream().filter(name -> name.endsWith(".sst")).count();
  }
}
