package io.atlaskv.engine.internal.io;

import java.util.SplittableRandom;

/// Random numbers of a simulation, the same for the same seed.
public final class SimRandom implements RandomSource {
  private final SplittableRandom random;

  /// The sequence of `seed`.
  public SimRandom(long seed) {
    random = new SplittableRandom(seed);
  }

  @Override
  public synchronized long nextLong() {
    return random.nextLong();
  }
}
