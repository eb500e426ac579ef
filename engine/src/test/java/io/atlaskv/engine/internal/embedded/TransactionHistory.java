package io.atlaskv.engine.internal.embedded;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// Transactions that were committed, and whether they could have been what they say.
final class TransactionHistory {
  /// A step and what the store answered.
  record Answered(TransactionStep step, String answer) {}

  /// A committed transaction.
  ///
  /// @param readAt the sequence it read as of; 0 if it read nothing
  /// @param committedAt the sequence of its last write; 0 if it wrote nothing
  record Committed(String name, long readAt, long committedAt, List<Answered> steps) {
    boolean isWriter() {
      return committedAt > 0;
    }

    /// Its place in the order of commits: who writes nothing stands right after what it read.
    private long place() {
      return isWriter() ? 2 * committedAt : 2 * readAt + 1;
    }

    /// Plays it again; why an answer is another one then, if one is.
    private Optional<String> replay(TreeMap<Integer, String> state) {
      for (Answered answered : steps) {
        String expected = answered.step.play(state);
        if (!expected.equals(answered.answer)) {
          return Optional.of(
              name
                  + ": "
                  + answered.step
                  + " answered '"
                  + answered.answer
                  + "', not '"
                  + expected
                  + "' as "
                  + state);
        }
      }
      return Optional.empty();
    }

    /// Keys below `keys` that it writes.
    private IntStream written() {
      return steps.stream()
          .map(Answered::step)
          .filter(TransactionStep::isWrite)
          .flatMapToInt(step ->
              step.kind() == TransactionStep.Kind.DELETE_RANGE
                  ? IntStream.range(step.key(), step.end())
                  : IntStream.of(step.key()));
    }
  }

  private TransactionHistory() {}

  /// Why the transactions are not what they would be, had they run one after the other in the order
  /// of their commits; empty if they are.
  static Optional<String> serializabilityViolation(Collection<Committed> history) {
    var state = new TreeMap<Integer, String>();
    for (Committed transaction : inOrder(history)) {
      Optional<String> violation = transaction.replay(state);
      if (violation.isPresent()) {
        return violation;
      }
    }
    return Optional.empty();
  }

  /// Why the transactions break snapshot isolation: one has not read what was committed by its
  /// sequence and nothing else, or two that overlap have written the same key.
  static Optional<String> snapshotViolation(Collection<Committed> history) {
    List<Committed> ordered = inOrder(history);
    for (Committed transaction : ordered) {
      var state = new TreeMap<Integer, String>();
      for (Committed other : ordered) {
        boolean isSeen = other.isWriter() && other.committedAt <= transaction.readAt;
        if (isSeen) {
          other.steps.forEach(answered -> {
            if (answered.step.isWrite()) {
              answered.step.play(state);
            }
          });
        } else if (transaction.readAt > 0
            && other.isWriter()
            && other.committedAt < transaction.committedAt) {
          var written = transaction.written().boxed().toList();
          if (other.written().anyMatch(written::contains)) {
            return Optional.of(transaction.name + " and " + other.name + " wrote the same key");
          }
        }
      }
      Optional<String> violation = transaction.replay(state);
      if (violation.isPresent()) {
        return violation;
      }
    }
    return Optional.empty();
  }

  private static List<Committed> inOrder(Collection<Committed> history) {
    var ordered = new ArrayList<>(history);
    ordered.sort(Comparator.comparingLong(Committed::place));
    return ordered;
  }
}
