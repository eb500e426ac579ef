package io.atlaskv.bench.engine;

/// How much data a run has.
///
/// @param valueBytes length of each value
record DataShape(int entries, int valueBytes) {
  DataShape {
    if (entries < 20_000 || valueBytes < 2 || valueBytes > 1 << 20) {
      throw new IllegalArgumentException(
          "entries=%d (at least 20000), value-bytes=%d (2 to 1048576)"
              .formatted(entries, valueBytes));
    }
  }
}
