package io.atlaskv.engine.internal.io;

/// Random bits for seeds and identities, replayable in simulation. Any thread may draw.
public interface RandomSource {
  /// 64 random bits.
  long nextLong();
}
