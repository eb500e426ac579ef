package io.atlaskv.redis.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.atlaskv.redis.data.EvictionPool.Candidate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvictionPoolTest {
  private final EvictionPool pool = new EvictionPool();

  @Test
  void theGreatestScoresOfAllComeFirst() {
    for (int i = 0; i < 100; i++) {
      add("k" + i, i * 37 % 100);
    }
    List<Long> scores = drain();
    assertEquals(64, scores.size());
    for (int i = 0; i < scores.size(); i++) {
      assertEquals(99 - i, scores.get(i));
    }
    assertNull(pool.take());
  }

  @Test
  void oneKeyIsThereOnceWithItsLastScore() {
    add("a", 5);
    add("b", 4);
    add("a", 3);
    assertEquals(List.of(4L, 3L), drain());
  }

  @Test
  void aFullPoolTakesTheNewScoreOfAKeyItHas() {
    for (int i = 0; i < 64; i++) {
      add("k" + i, 10 + i);
    }
    add("k63", 1);
    assertEquals(72L, drain().getFirst());
  }

  private void add(String row, long score) {
    pool.add(new Candidate(row.getBytes(StandardCharsets.ISO_8859_1), score));
  }

  private List<Long> drain() {
    var scores = new ArrayList<Long>();
    for (var best = pool.take(); best != null; best = pool.take()) {
      scores.add(best.score());
    }
    return scores;
  }
}
