package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.manifest.Levels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads through a lookahead against a sorted map, with everything that may happen between the
/// lookahead and the read.
class LookaheadTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=LookaheadTest -Datlaskv.seed=" + SEED;
  private static final long MIB = 1024 * 1024;
  private static final int ROUNDS = 1_500;
  private static final int KEYS = 400;

  private final Random random = new Random(SEED);
  private final SimPorts sim = SimPorts.create(SEED);
  private final Engine engine =
      EngineOpener.open(
          sim.ports(),
          Options.DEFAULT
              .withMemoryLimitBytes(64 * MIB)
              .withMemtableBytes(MIB)
              .withMemtableEntriesMax(150)
              .withLogSegmentBytes(8 * MIB),
          64 * MIB,
          32 * MIB);
  private final ReadContext context = engine.newReadContext(ReadContext.Mode.BLOCKING);
  private final Lookahead lookahead = engine.newLookahead();
  private final BatchBuilder batch = new BatchBuilder();
  private final Lookup lookup = new Lookup();
  private final TreeMap<String, String> model = new TreeMap<>();
  private int answers;

  @AfterEach
  void close() {
    lookup.release();
    lookahead.end();
    context.close();
    engine.close();
    batch.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsReadIsWhatWasWrittenLast(boolean deletesRanges) {
    int asked = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> keys = lookAhead();
      for (int i = 0; i < keys.size(); i++) {
        disturb(round, random.nextBoolean() ? keys.get(random.nextInt(keys.size())) : key());
        if (deletesRanges && random.nextInt(50) == 0) {
          deleteRange(key(), key());
        }
        answers += lookahead.keys().isAnswered(i) ? 1 : 0;
        asked++;
        assertEquals(model.get(keys.get(i)), read(i), keys.get(i) + ", round " + round + REPRO);
        if (random.nextInt(4) == 0) { // an answer is given once, a reader may ask twice
          disturb(round, keys.get(i));
          assertEquals(model.get(keys.get(i)), read(i), keys.get(i) + ", round " + round + REPRO);
        }
      }
      lookahead.end();
    }
    if (!deletesRanges) {
      assertTrue(answers > asked / 4, answers + " of " + asked + " were answered ahead");
    }
  }

  /// A value stays what it was while others are written, until the lookahead's end.
  @Test
  void aValueStaysInPlaceUntilTheEnd() {
    for (int i = 0; i < KEYS; i++) {
      put("k" + i, "v" + i);
    }
    engine.compact();
    fill(List.of("k1", "k2"));
    engine.lookAhead(lookahead);
    assertFalse(lookahead.keys().isAnswered(0), "no block is in memory yet");
    assertEquals(Lookup.FOUND, engine.get(context, lookahead, 0, lookup));
    assertEquals("v1", value());
    lookahead.end();
    fill(List.of("k1", "k2"));
    engine.lookAhead(lookahead);
    assertTrue(lookahead.keys().isAnswered(0), "the read has brought the block");
    assertEquals(Lookup.FOUND, engine.get(context, lookahead, 0, lookup));
    for (int i = 0; i < 3 * KEYS; i++) {
      put("k" + i % KEYS, "w" + i);
    }
    engine.compact();
    assertEquals("v1", value());
  }

  @Test
  void afterTheEndNothingIsHeld() {
    for (int i = 0; i < KEYS; i++) {
      put("k" + i, "v" + i);
    }
    engine.flush();
    List<String> keys = lookAhead();
    for (int i = 0; i < keys.size(); i++) {
      assertEquals(model.get(keys.get(i)), read(i));
    }
    View held = lookahead.view();
    lookahead.end();
    put("k1", "w");
    engine.compact();
    sim.scheduler().runUntilIdle();
    assertTrue(held != null && held.isFreed(), "the view is still held");
    long tables = sim.ports().files().list().stream().filter(name -> name.endsWith(".sst")).count();
    long live = 0;
    for (int level = 0; level < Levels.COUNT; level++) {
      live += engine.statistics().levels().get(level).tables();
    }
    assertEquals(live, tables, "tables that were replaced are gone");
  }

  private List<String> lookAhead() {
    var keys = new ArrayList<String>();
    for (int i = 1 + random.nextInt(KeyBatch.KEYS_MAX); i > 0; i--) {
      keys.add(key());
    }
    fill(keys);
    engine.lookAhead(lookahead);
    return keys;
  }

  private void fill(List<String> keys) {
    for (String key : keys) {
      byte[] bytes = bytes(key);
      int number = lookahead.keys().add(bytes.length);
      System.arraycopy(bytes, 0, lookahead.keys().bytes(), KeyBatch.start(number), bytes.length);
    }
  }

  private String read(int number) {
    int state = engine.get(context, lookahead, number, lookup);
    assertTrue(state == Lookup.FOUND || state == Lookup.ABSENT, "state=" + state);
    String value = state == Lookup.FOUND ? value() : null;
    if (random.nextBoolean()) {
      lookup.release();
    }
    return value;
  }

  private String value() {
    byte[] value = lookup.segment().asSlice(lookup.offset(), lookup.length()).toArray(Layouts.BYTE);
    return new String(value, StandardCharsets.UTF_8);
  }

  private void disturb(int round, String key) {
    switch (random.nextInt(16)) {
      case 0, 1 -> put(key, round + "x".repeat(random.nextInt(300)));
      case 2 -> {
        batch.delete(bytes(key), 0, key.length());
        commit();
        model.remove(key);
      }
      case 3 -> {
        for (int i = 0; i < 5; i++) {
          sim.scheduler().step();
        }
      }
      case 4 -> {
        switch (random.nextInt(60)) {
          case 0 -> engine.flush();
          case 1 -> engine.compact();
          default -> sim.scheduler().step();
        }
      }
      default -> {}
    }
  }

  private void deleteRange(String one, String other) {
    String start = one.compareTo(other) < 0 ? one : other;
    String end = start.equals(one) ? other : one;
    if (!start.equals(end)) {
      batch.deleteRange(bytes(start), 0, start.length(), bytes(end), 0, end.length());
      commit();
      model.subMap(start, end).clear();
    }
  }

  private void put(String key, String value) {
    batch.put(bytes(key), 0, key.length(), bytes(value), 0, value.length());
    commit();
    model.put(key, value);
  }

  private void commit() {
    batch.finish();
    while (engine.commit(batch) == Engine.STALLED) {
      sim.scheduler().stepOrAdvance(Long.MAX_VALUE);
    }
    batch.clear();
    engine.writeLog();
  }

  private String key() {
    return "k" + random.nextInt(KEYS);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
