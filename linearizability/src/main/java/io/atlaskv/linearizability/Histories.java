package io.atlaskv.linearizability;

import org.jetbrains.lincheck.datastructures.StressOptions;

/// How many histories a test makes. `-Datlaskv.lincheck.iterations=N` makes more programs.
public final class Histories {
  private static final int ITERATIONS = Integer.getInteger("atlaskv.lincheck.iterations", 10);
  private static final int RUNS_OF_EACH = 100;

  /// Programs that look for a planted mistake; the first that finds it is the last.
  private static final int ITERATIONS_TO_FIND = 1_000;

  private Histories() {}

  /// Random programs of three threads on `concurrent`, each run many times; what they answered must
  /// be what `sequential` answers in some order of the calls that keeps the order of time.
  public static void check(Class<?> concurrent, Class<?> sequential) {
    check(concurrent, sequential, ITERATIONS);
  }

  /// Throws as `check` does for something with a planted mistake; looks for it for long.
  public static void checkPlanted(Class<?> concurrent, Class<?> sequential) {
    check(concurrent, sequential, ITERATIONS_TO_FIND);
  }

  private static void check(Class<?> concurrent, Class<?> sequential, int iterations) {
    new StressOptions()
        .iterations(iterations)
        .invocationsPerIteration(RUNS_OF_EACH)
        .threads(3)
        .actorsPerThread(3)
        .sequentialSpecification(sequential)
        .check(concurrent);
  }
}
