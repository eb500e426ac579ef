package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.Explanation.Answer;
import io.atlaskv.engine.api.Explanation.Filter;
import io.atlaskv.engine.api.Explanation.MemtableStep;
import io.atlaskv.engine.api.Explanation.TableStep;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExplainTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int KEYS = 2_000;

  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] key(int i) {
    return bytes("key%05d".formatted(i));
  }

  private static void fill(Db db) {
    for (int i = 0; i < KEYS; i++) {
      db.put(key(2 * i), bytes("value " + i));
    }
  }

  @Test
  void theActiveMemtableIsAskedFirstAndAlone() {
    try (Db db = AtlasKv.open(directory)) {
      db.put(key(1), bytes("one"));
      Explanation found = db.explain(key(1));
      assertEquals(Answer.FOUND, found.answer());
      assertEquals(1, found.sequence());
      assertThat(found.steps()).hasSize(1);
      var step = (MemtableStep) found.steps().getFirst();
      assertThat(step.isActive()).isTrue();
      assertEquals(1, step.entries());
      assertThat(found.nanos()).isGreaterThanOrEqualTo(step.nanos());

      db.delete(key(1));
      assertEquals(Answer.DELETED, db.explain(key(1)).answer());
      assertEquals(2, db.explain(key(1)).sequence());
      assertEquals(Answer.ABSENT, db.explain(key(2)).answer());
    }
  }

  @Test
  void aTableOfThisProcessHasAPointIndexAndOneOfBeforeAFilter() {
    try (Db db = AtlasKv.open(directory)) {
      fill(db);
      db.flush();
      TableStep step = table(db.explain(key(0)));
      assertEquals(Filter.POINT_INDEX, step.filter());
      assertThat(step.blocks()).hasSize(1);
      assertThat(table(db.explain(key(1))).blocks()).isEmpty();
    }
    try (Db db = AtlasKv.open(directory)) {
      Explanation first = db.explain(key(KEYS)); // the open has read the first block
      TableStep step = table(first);
      assertEquals(Answer.FOUND, first.answer());
      assertEquals(KEYS / 2 + 1, first.sequence());
      assertEquals(0, step.level());
      assertThat(directory.resolve(step.file())).exists();
      assertEquals(Filter.PASSED, step.filter());
      Explanation.BlockRead block = step.blocks().getFirst();
      assertThat(block.isCached()).isFalse();
      assertThat(block.loadNanos()).isPositive();
      assertThat(block.storedBytes()).isBetween(100, 16 << 10);
      assertThat(table(db.explain(key(KEYS))).blocks().getFirst().isCached()).isTrue();
      assertThat(first.text())
          .contains(step.file() + " of level 0: FOUND", "filter PASSED", ": read in ");

      int rejected = 0;
      for (int i = 0; i < KEYS - 1; i++) {
        Explanation absent = db.explain(key(2 * i + 1));
        assertEquals(Answer.ABSENT, absent.answer());
        if (table(absent).filter() == Filter.REJECTED) {
          assertThat(table(absent).blocks()).isEmpty();
          rejected++;
        }
      }
      assertThat(rejected).isGreaterThan(KEYS * 9 / 10);

      db.deleteRange(Range.prefix(bytes("key00")));
      Explanation deleted = db.explain(key(0));
      assertEquals(Answer.DELETED, deleted.answer());
      assertEquals(KEYS + 1, deleted.sequence());
    }
  }

  private static TableStep table(Explanation explanation) {
    return (TableStep) explanation.steps().getLast();
  }

  /// Random histories over all kinds of places: `explain` and `get` never disagree, and what comes
  /// before the last step says nothing.
  @Test
  void agreesWithGet() {
    var random = new Random(SEED);
    var opened = new ArrayList<Snapshot>();
    for (int life = 0; life < 3; life++) {
      try (Db db = AtlasKv.open(directory)) {
        KeyValueStore other = db.namespace("other");
        for (int step = 0; step < 6_000; step++) {
          KeyValueStore store = random.nextBoolean() ? db : other;
          int key = random.nextInt(500);
          switch (random.nextInt(8)) {
            case 0, 1, 2, 3, 4 -> store.put(key(key), bytes("step " + step));
            case 5, 6 -> store.delete(key(key));
            default -> {
              if (random.nextInt(20) == 0) {
                store.deleteRange(Range.closedOpen(key(key), key(key + 20)));
              }
            }
          }
          switch (random.nextInt(600)) {
            case 0 -> db.flush();
            case 1 -> opened.add(db.snapshot());
            case 2 -> {
              if (random.nextInt(4) == 0) {
                db.compact();
              }
            }
            default -> {}
          }
        }
        compare(db, "latest");
        compare(other, "other");
        for (Snapshot snapshot : opened) {
          compare(snapshot, "snapshot");
          compare(snapshot.of(other), "snapshot of other");
        }
        opened.clear();
      }
    }
  }

  private static void compare(KeyValueReader reader, String what) {
    for (int i = 0; i < 520; i++) {
      boolean isThere = reader.contains(key(i));
      Explanation explanation = reader.explain(key(i));
      String where = what + " key " + i + " seed " + SEED + "\n" + explanation.text();
      assertThat(explanation.answer() == Answer.FOUND).as(where).isEqualTo(isThere);
      List<Explanation.Step> steps = explanation.steps();
      assertThat(steps.getLast().answer()).as(where).isEqualTo(explanation.answer());
      assertThat(steps.subList(0, steps.size() - 1))
          .as(where)
          .allMatch(step -> step.answer() == Answer.ABSENT);
    }
  }
}
