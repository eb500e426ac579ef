package io.atlaskv.engine.internal.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Turns are divided by shares, and by nothing else.
class FairTurnsTest {
  private static final int A = 64;
  private static final int B = 65;
  private static final int REST = 0;
  private static final long STEP = 1_000;

  private final FairTurns<String> turns = new FairTurns<>(1);
  private final Map<String, Long> bytes = new HashMap<>();

  /// Steps so often, each item as long as there is one.
  private void run(int steps) {
    for (int i = 0; i < steps; i++) {
      String item = turns.next();
      turns.stepped(payer(item), item, STEP, true);
      bytes.merge(item, STEP, Long::sum);
    }
  }

  private static int payer(String item) {
    return switch (item.charAt(0)) {
      case 'a' -> A;
      case 'b' -> B;
      default -> REST;
    };
  }

  private void add(String... items) {
    for (String item : items) {
      turns.add(payer(item), item);
    }
  }

  private double part(String item) {
    return (double) bytes.getOrDefault(item, 0L)
        / bytes.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void bytesAreAsTheShares() {
    turns.shares(IoShares.UNDIVIDED.with(A, 100).with(B, 300));
    add("a", "b");
    run(4_000);
    assertThat(part("a")).isCloseTo(0.25, within(0.01));
    assertThat(part("b")).isCloseTo(0.75, within(0.01));
  }

  @Test
  void allOthersHaveOneLotTogether() {
    turns.shares(IoShares.UNDIVIDED.with(A, 3 * IoShares.REST));
    add("a", "other");
    run(4_000);
    assertThat(part("other")).isCloseTo(0.25, within(0.01));
  }

  @Test
  void howManyItemsOneHasCountsForNothing() {
    turns.shares(IoShares.UNDIVIDED.with(A, 100).with(B, 100));
    add("a1", "a2", "a3", "b");
    run(4_000);
    assertThat(part("b")).isCloseTo(0.5, within(0.01));
  }

  @Test
  void itemsOfOnePayerTakeTurns() {
    add("x1", "x2");
    run(10);
    assertThat(bytes).containsEntry("x1", 5 * STEP).containsEntry("x2", 5 * STEP);
  }

  @Test
  void whatNobodyElseWantsIsForTheOneWhoDoes() {
    turns.shares(IoShares.UNDIVIDED.with(A, 1).with(B, 10_000));
    add("a");
    run(100);
    assertThat(bytes).containsOnlyKeys("a");
  }

  @Test
  void aPauseIsNotSavedUp() {
    turns.shares(IoShares.UNDIVIDED.with(A, 100).with(B, 100));
    add("a");
    run(1_000);
    add("b");
    bytes.clear();
    run(100);
    assertThat(part("b")).isCloseTo(0.5, within(0.02));
  }

  /// What one had is not forgotten with its item.
  @Test
  void manyShortItemsPayLikeALongOne() {
    turns.shares(IoShares.UNDIVIDED.with(A, 100).with(B, 300));
    add("a", "b");
    for (int i = 0; i < 4_000; i++) {
      String item = turns.next();
      turns.stepped(payer(item), item, STEP, item.equals("b"));
      bytes.merge(item, STEP, Long::sum);
      if (item.equals("a")) {
        add("a");
      }
    }
    assertThat(part("a")).isCloseTo(0.25, within(0.01));
  }

  @Test
  void otherSharesCountAtOnce() {
    turns.shares(IoShares.UNDIVIDED.with(A, 100).with(B, 300));
    add("a", "b");
    run(1_000);
    turns.shares(IoShares.UNDIVIDED.with(A, 300).with(B, 100));
    bytes.clear();
    run(1_000);
    assertThat(part("a")).isCloseTo(0.75, within(0.01));
  }

  @Test
  void workersComeForWhatWaitsAndEndWhenNothingDoes() {
    var two = new FairTurns<String>(2);
    assertThat(two.add(A, "a")).isTrue();
    assertThat(two.add(B, "b")).isTrue();
    assertThat(two.add(B, "c")).isFalse();
    assertThat(two.next()).isEqualTo("a");
    assertThat(two.next()).isEqualTo("b");
    two.stepped(A, "a", STEP, false);
    two.stepped(B, "b", STEP, false);
    assertThat(two.next()).isEqualTo("c");
    assertThat(two.next()).isNull(); // one worker ends
    two.stepped(B, "c", STEP, false);
    assertThat(two.next()).isNull();
    assertThat(two.add(A, "a")).isTrue();
  }
}
