package io.atlaskv.testkit.linear;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Keys with values, and operations of one or more steps that happen at once: commands, and EXEC.
/// An answer has one text for each step; absence is `ABSENT`.
public final class KeyValueModel
    implements SequentialModel<Map<String, String>, List<KeyValueModel.Step>, List<String>> {
  /// Answer of a step that found nothing.
  public static final String ABSENT = "(absent)";

  /// What a step does.
  public enum Kind {
    /// Answers the value.
    GET,
    /// Sets the value, answers `OK`.
    SET,
    /// Sets the value, answers the old one.
    GET_SET,
    /// Adds one to a number, answers the sum.
    INCREMENT,
    /// Deletes the key, answers how many there were.
    DELETE,
    /// Happens only if the value is this; answers `OK`. So EXEC is one whose keys were watched.
    EXPECT
  }

  /// One step.
  ///
  /// @param value what is set or expected; empty for the others
  public record Step(Kind kind, String key, String value) {}

  public KeyValueModel() {}

  @Override
  public Map<String, String> initial() {
    return Map.of();
  }

  @Override
  public @Nullable Map<String, String> next(
      Map<String, String> state, List<Step> operation, @Nullable List<String> answer) {
    var values = new TreeMap<>(state);
    var answers = new ArrayList<String>();
    for (Step step : operation) {
      if (step.kind == Kind.EXPECT && !values.getOrDefault(step.key, ABSENT).equals(step.value)) {
        return null;
      }
      answers.add(run(step, values));
    }
    return answer == null || answer.equals(answers) ? values : null;
  }

  private static String run(Step step, Map<String, String> values) {
    String old = values.getOrDefault(step.key, ABSENT);
    return switch (step.kind) {
      case GET -> old;
      case SET -> {
        values.put(step.key, step.value);
        yield "OK";
      }
      case GET_SET -> {
        values.put(step.key, step.value);
        yield old;
      }
      case INCREMENT -> {
        String sum = Long.toString(old.equals(ABSENT) ? 1 : Long.parseLong(old) + 1);
        values.put(step.key, sum);
        yield sum;
      }
      case DELETE -> values.remove(step.key) == null ? "0" : "1";
      case EXPECT -> "OK";
    };
  }

  @Override
  public Set<String> parts(List<Step> operation) {
    var keys = new HashSet<String>();
    operation.forEach(step -> keys.add(step.key));
    return keys;
  }
}
