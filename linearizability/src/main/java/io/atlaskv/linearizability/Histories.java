package io.atlaskv.linearizability;

import org.jetbrains.lincheck.datastructures.StressOptions;

/// How many histories a test makes, of a planted mistake as many as of what must be right: what is
/// found of the one would be found of the other. `-Datlaskv.lincheck.iterations=N` makes more
/// programs.
public final class Histories {
  /// Six times as many as find each of the planted mistakes at least three times in four.
  private static final int ITERATIONS = Integer.getInteger("atlaskv.lincheck.iterations", 30);

  private static final int RUNS_OF_EACH = 100;

  private Histories() {}

  /// Random programs of three threads on `concurrent`, each run many times; what they answered must
  /// be what `sequential` answers in some order of the calls that keeps the order of time.
  public static void check(Class<?> concurrent, Class<?> sequential) {
    check(concurrent, sequential, true);
  }

  /// Throws as `check` does, after as many programs, for something with a planted mistake; the
  /// program is not made smaller first.
  public static void checkPlanted(Class<?> concurrent, Class<?> sequential) {
    check(concurrent, sequential, false);
  }

  private static void check(Class<?> concurrent, Class<?> sequential, boolean isMinimized) {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(RUNS_OF_EACH)
        .threads(3)
        .actorsPerThread(3)
        .minimizeFailedScenario(isMinimized)
        .sequentialSpecification(sequential)
        .check(concurrent);
  }
}
