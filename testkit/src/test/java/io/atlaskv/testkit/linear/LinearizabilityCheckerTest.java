package io.atlaskv.testkit.linear;

import static io.atlaskv.testkit.linear.KeyValueModel.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.testkit.linear.KeyValueModel.Kind;
import io.atlaskv.testkit.linear.KeyValueModel.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
  private static final KeyValueModel MODEL = new KeyValueModel();

  private final List<Call<List<Step>, List<String>>> history = new ArrayList<>();
  private final LinearizabilityChecker<Map<String, String>, List<Step>, List<String>> checker =
      new LinearizabilityChecker<>(MODEL);

  @Test
  void whatHappensOneAfterTheOtherIsExplained() {
    call(0, 1, 2, set("a", "1"), "OK");
    call(1, 3, 4, get("a"), "1");
    call(0, 5, 6, step(Kind.DELETE, "a"), "1");
    call(1, 7, 8, get("a"), ABSENT);
    assertThat(checker.check(history)).isEmpty();
  }

  @Test
  void overlappingCallsMayComeInAnyOrder() {
    call(0, 1, 10, set("a", "1"), "OK");
    call(1, 2, 3, get("a"), ABSENT);
    call(1, 4, 5, get("a"), "1");
    assertThat(checker.check(history)).isEmpty();
  }

  @Test
  void aStaleReadIsFound() {
    call(0, 1, 2, set("a", "1"), "OK");
    call(0, 3, 4, set("a", "2"), "OK");
    call(1, 5, 6, get("a"), "1");
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void aReadThatGoesBackIsFound() {
    call(0, 1, 10, set("a", "1"), "OK");
    call(1, 2, 3, get("a"), "1");
    call(2, 4, 5, get("a"), ABSENT);
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void aLostUpdateIsFound() {
    call(0, 1, 4, step(Kind.INCREMENT, "n"), "1");
    call(1, 2, 3, step(Kind.INCREMENT, "n"), "1");
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void aWriteThatIsLostLaterIsFound() {
    call(0, 1, 2, new Step(Kind.GET_SET, "a", "1"), ABSENT);
    call(1, 3, 4, new Step(Kind.GET_SET, "a", "2"), ABSENT);
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void halfAnExecIsFound() {
    call(0, 1, 10, List.of(set("a", "1"), set("b", "1")), List.of("OK", "OK"));
    call(1, 2, 3, List.of(get("a"), get("b")), List.of("1", ABSENT));
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void halfAnExecIsFoundByReadsOneByOne() {
    call(0, 1, 10, List.of(set("a", "1"), set("b", "1")), List.of("OK", "OK"));
    call(1, 2, 3, get("a"), "1");
    call(1, 4, 5, get("b"), ABSENT);
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void twoExecsThatBothSawTheOldStateAreFound() {
    call(0, 1, 10, List.of(get("a"), set("b", "1")), List.of(ABSENT, "OK"));
    call(1, 2, 9, List.of(get("b"), set("a", "1")), List.of(ABSENT, "OK"));
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void anExecWhoseWatchedKeyHadChangedIsFound() {
    call(0, 1, 2, set("a", "1"), "OK");
    call(1, 3, 4, get("a"), "1");
    call(0, 5, 6, set("a", "2"), "OK");
    var swap = List.of(new Step(Kind.EXPECT, "a", "1"), set("a", "3"));
    call(1, 7, 8, swap, List.of("OK", "OK"));
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void aCallWithoutAnswerMayHaveHappenedOrNot() {
    history.add(new Call<>(0, List.of(set("a", "1")), null, 1, Long.MAX_VALUE));
    call(1, 2, 3, get("a"), ABSENT);
    assertThat(checker.check(history)).isEmpty();
    call(1, 4, 5, get("a"), "1");
    assertThat(checker.check(history)).isEmpty();
    call(1, 6, 7, get("a"), ABSENT);
    assertThat(checker.check(history)).isPresent();
  }

  @Test
  void aViolationShowsOnlyWhatIsConnectedWithIt() {
    call(0, 1, 2, set("a", "1"), "OK");
    call(0, 3, 4, set("x", "1"), "OK");
    call(1, 5, 6, get("a"), ABSENT);
    assertThat(checker.check(history).orElseThrow().calls()).hasSize(2);
  }

  /// Small histories with answers that are often wrong: the same verdict as trying all orders.
  @Test
  void agreesWithTryingEverything() {
    var random = new Random(42);
    int explained = 0;
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      history.clear();
      int calls = 2 + random.nextInt(5);
      for (int i = 0; i < calls; i++) {
        int from = random.nextInt(12);
        var steps = new ArrayList<Step>();
        var answers = new ArrayList<String>();
        for (int j = random.nextInt(2); j >= 0; j--) {
          String key = random.nextBoolean() ? "a" : "b";
          boolean isRead = random.nextBoolean();
          steps.add(isRead ? get(key) : new Step(Kind.GET_SET, key, Integer.toString(i)));
          answers.add(random.nextInt(3) == 0 ? ABSENT : Integer.toString(random.nextInt(calls)));
        }
        boolean isLost = random.nextInt(8) == 0;
        history.add(
            new Call<>(
                i,
                List.copyOf(steps),
                isLost ? null : List.copyOf(answers),
                from,
                isLost ? Long.MAX_VALUE : from + 1 + random.nextInt(8)));
      }
      boolean expected = hasOrder(history, MODEL.initial());
      assertEquals(expected, checker.check(history).isEmpty(), () -> history.toString());
      explained += expected ? 1 : 0;
    }
    assertTrue(
        explained > rounds / 50 && explained < rounds - rounds / 50, "of both: " + explained);
  }

  private static boolean hasOrder(
      List<Call<List<Step>, List<String>>> left, Map<String, String> state) {
    if (left.stream().allMatch(call -> call.answer() == null)) {
      return true;
    }
    for (Call<List<Step>, List<String>> next : left) {
      boolean isFirst =
          left.stream()
              .noneMatch(call -> !call.equals(next) && call.answeredAt() <= next.calledAt());
      Map<String, String> after = MODEL.next(state, next.operation(), next.answer());
      if (isFirst && after != null) {
        var rest = new ArrayList<>(left);
        rest.remove(next);
        if (hasOrder(rest, after)) {
          return true;
        }
      }
    }
    return false;
  }

  private void call(int client, long from, long to, Step step, String answer) {
    call(client, from, to, List.of(step), List.of(answer));
  }

  private void call(int client, long from, long to, List<Step> steps, List<String> answers) {
    history.add(new Call<>(client, steps, answers, from, to));
  }

  private static Step set(String key, String value) {
    return new Step(Kind.SET, key, value);
  }

  private static Step get(String key) {
    return step(Kind.GET, key);
  }

  private static Step step(Kind kind, String key) {
    return new Step(kind, key, "");
  }
}
