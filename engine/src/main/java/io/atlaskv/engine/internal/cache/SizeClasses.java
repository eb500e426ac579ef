package io.atlaskv.engine.internal.cache;

/// Slot sizes of the cache: steps of 512 bytes up to 4 KiB, then four steps for each doubling, so
/// that a block wastes at most a fifth of its slot beyond 2 KiB.
final class SizeClasses {
  /// Smallest slot.
  static final int SLOT_BYTES_MIN = 1 << 10;

  private static final int FINE_STEP = 512;
  private static final int FINE_MAX = 4 << 10;
  private static final int FINE_COUNT = (FINE_MAX - SLOT_BYTES_MIN) / FINE_STEP + 1;
  private static final int STEPS_PER_DOUBLING = 4;
  private static final int FINE_MAX_LOG = Integer.numberOfTrailingZeros(FINE_MAX);

  private SizeClasses() {}

  /// Index of the smallest class that holds `bytes`.
  static int classOf(int bytes) {
    if (bytes <= FINE_MAX) {
      return (Math.max(bytes, SLOT_BYTES_MIN) - SLOT_BYTES_MIN + FINE_STEP - 1) / FINE_STEP;
    }
    int log = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(bytes - 1);
    int step = (bytes - 1 - (1 << log)) >> (log - 2);
    return FINE_COUNT + (log - FINE_MAX_LOG) * STEPS_PER_DOUBLING + step;
  }

  /// Slot size of a class.
  static int slotBytes(int sizeClass) {
    if (sizeClass < FINE_COUNT) {
      return SLOT_BYTES_MIN + sizeClass * FINE_STEP;
    }
    int coarse = sizeClass - FINE_COUNT;
    int doubling = FINE_MAX << (coarse / STEPS_PER_DOUBLING);
    return doubling + (doubling / STEPS_PER_DOUBLING) * (coarse % STEPS_PER_DOUBLING + 1);
  }
}
