package io.atlaskv.engine.internal.base;

/// A key drawn at random from one source, and the sequence of the version that was drawn. Reusable.
public final class DrawnKey {
  private byte[] key = {};
  private long sequence;

  public void set(byte[] newKey, long newSequence) {
    key = newKey;
    sequence = newSequence;
  }

  /// The key; not to be changed.
  @SuppressWarnings("EI_EXPOSE_REP")
  public byte[] key() {
    return key;
  }

  public long sequence() {
    return sequence;
  }

  /// The next of a series of numbers that look random.
  public static long mix(long random) {
    long z = random + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
