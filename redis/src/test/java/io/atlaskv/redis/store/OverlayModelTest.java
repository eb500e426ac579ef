package io.atlaskv.redis.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A batch over a store, read while it is written, against a sorted map: point reads, walks in both
/// directions with turns, walks that go on while the batch changes, counters.
class OverlayModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=OverlayModelTest -Datlaskv.seed=" + SEED;
  private static final int KEYS = 60;

  private final Random random = new Random(SEED);
  private final SimStore store = SimStore.create(SEED, Durability.OS);
  private final Batch batch = store.newBatch();
  private final OverlayBatch overlay = new OverlayBatch(batch);
  private final OverlayReader reader = new OverlayReader(store.newReader(true), overlay);
  private TreeMap<String, String> committed = new TreeMap<>();
  private TreeMap<String, String> model = new TreeMap<>();
  private long counter;

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 40})
  void readsShowTheStoreUnderTheBatch(int changesPerRound) {
    for (int round = 0; round < 400; round++) {
      overlay.begin();
      model = new TreeMap<>(committed);
      long counted = 0;
      for (int i = random.nextInt(4 * changesPerRound); i >= 0; i--) {
        change();
        overlay.count(7, 1, 2);
        counted += 2;
        if (random.nextInt(3) == 0) {
          get(key());
        }
        if (random.nextInt(5) == 0) {
          walk();
        }
      }
      for (int i = 0; i < KEYS; i++) {
        get(String.format("k%02d", i));
      }
      walk();
      assertEquals(counted, overlay.counted(7, 1), REPRO);
      assertEquals(0, overlay.counted(7, 0), REPRO);
      assertEquals(counter, store.counter(7, 1), REPRO);
      if (random.nextBoolean()) {
        store.commit(batch);
        committed = model;
        counter += counted;
      }
      overlay.clear();
      reader.reset();
    }
    store.close();
  }

  @Test
  void whatWasFoundStaysWhereItIsWhileTheBatchGrows() {
    overlay.begin();
    put("k", "here");
    var lookup = new Lookup();
    assertEquals(Reader.FOUND, reader.get(bytes("k"), 0, 1, lookup));
    put("large", "x".repeat(1 << 20));
    assertEquals("here", text(lookup.segment(), lookup.offset(), lookup.length()));
    overlay.clear();
    store.close();
  }

  @Test
  void aWalkShowsWhatWasThereWhenItBegan() {
    overlay.begin();
    for (int i = 0; i < 9; i++) {
      put("k" + i, "old");
    }
    try (RowCursor at = reader.cursor(bytes("k"), bytes("l"))) {
      assertEquals(Reader.FOUND, at.first());
      for (int i = 0; i < 9; i++) {
        assertEquals("k" + i + "=old", row(at));
        put("k8", "new");
        overlay.delete(bytes("k7"), 0, 2);
        overlay.deleteRange(bytes("k5"), bytes("k7"));
        assertEquals(i < 8 ? Reader.FOUND : Reader.ABSENT, at.next());
      }
    }
    overlay.clear();
    store.close();
  }

  private void change() {
    String key = key();
    switch (random.nextInt(8)) {
      case 0, 1, 2, 3 -> put(key, "v" + random.nextInt(1000));
      case 4, 5 -> {
        overlay.delete(bytes(key), 0, key.length());
        model.remove(key);
      }
      default -> {
        String end = key();
        overlay.deleteRange(bytes(key), bytes(end));
        if (key.compareTo(end) < 0) {
          model.subMap(key, end).clear();
        }
      }
    }
  }

  private void put(String key, String value) {
    byte[] content = bytes(value);
    int at = overlay.put(bytes(key), 0, key.length(), content.length);
    MemorySegment.copy(content, 0, overlay.segment(), Layouts.BYTE, at, content.length);
    model.put(key, value);
  }

  private void get(String key) {
    var lookup = new Lookup();
    int found = reader.get(bytes("--" + key), 2, key.length(), lookup);
    String expected = model.get(key);
    assertEquals(expected == null ? Reader.ABSENT : Reader.FOUND, found, REPRO + " " + key);
    if (expected != null) {
      assertEquals(expected, text(lookup.segment(), lookup.offset(), lookup.length()), REPRO);
    }
    lookup.release();
  }

  /// A walk of random moves within random bounds.
  private void walk() {
    String lower = random.nextBoolean() ? "" : key();
    String upper = random.nextBoolean() ? "l" : key();
    if (lower.compareTo(upper) > 0) {
      return;
    }
    TreeMap<String, String> range = new TreeMap<>(model.subMap(lower, upper));
    try (RowCursor at = reader.cursor(bytes(lower), bytes(upper))) {
      Map.Entry<String, String> expected = null;
      boolean wasOnRow = false;
      for (int move = 0; move < 30; move++) {
        String key = key();
        int kind = wasOnRow ? random.nextInt(12) : random.nextInt(4);
        int state;
        if (kind == 0) {
          state = at.first();
          expected = range.firstEntry();
        } else if (kind == 1) {
          state = at.last();
          expected = range.lastEntry();
        } else if (kind == 2) {
          state = at.seek(bytes(key), 0, key.length());
          expected = range.ceilingEntry(key);
        } else if (kind == 3) {
          state = at.seekForPrev(bytes(key), 0, key.length());
          expected = range.floorEntry(key);
        } else if (kind < 8) {
          state = at.next();
          expected = range.higherEntry(expected.getKey());
        } else {
          state = at.prev();
          expected = range.lowerEntry(expected.getKey());
        }
        wasOnRow = expected != null;
        assertEquals(wasOnRow ? Reader.FOUND : Reader.ABSENT, state, REPRO);
        if (wasOnRow) {
          assertEquals(expected.getKey() + "=" + expected.getValue(), row(at), REPRO);
        }
      }
    }
  }

  private String key() {
    return String.format("k%02d", random.nextInt(KEYS));
  }

  private static String row(RowCursor at) {
    return new String(at.key(), 0, at.keyLength(), StandardCharsets.ISO_8859_1)
        + "="
        + text(at.valueSegment(), at.valueOffset(), at.valueLength());
  }

  private static String text(MemorySegment memory, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, Layouts.BYTE, offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
