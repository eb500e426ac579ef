package io.atlaskv.linearizability;

import org.jetbrains.lincheck.datastructures.StressOptions;

/// How many histories a test makes. `-Datlaskv.lincheck.iterations=N` makes more programs.
public final class Histories {
  private static final int ITERATIONS = Integer.getInteger("atlaskv.lincheck.iterations", 10);
  private static final int RUNS_OF_EACH = 100;

  private Histories() {}

  /// Random programs of three threads on `concurrent`, each run many times; what they answered must
  /// be what `sequential` answers in some order of the calls that keeps the order of time.
  public static void check(Class<?> concurrent, Class<?> sequential) {
    new StressOptions()
        .iterations(ITERATIONS)
        .invocationsPerIteration(RUNS_OF_EACH)
        .threads(3)
        .actorsPerThread(3)
        .sequentialSpecification(sequential)
        .check(concurrent);
  }
}
