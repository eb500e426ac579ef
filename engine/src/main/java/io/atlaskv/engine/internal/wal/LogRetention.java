package io.atlaskv.engine.internal.wal;

/// How many log segments are kept once all of their content is in tables, for those who read the
/// history: as many as both limits allow.
///
/// @param segments at most so many
/// @param bytes at most so many bytes of files
public record LogRetention(int segments, long bytes) {
  /// Keeps none.
  public static final LogRetention NONE = new LogRetention(0, 0);

  public LogRetention {
    if (segments < 0 || bytes < 0) {
      throw new IllegalArgumentException("segments=" + segments + " bytes=" + bytes);
    }
  }

  /// By two limits of which 0 is none; keeps nothing if both are 0.
  public static LogRetention of(int segments, long bytes) {
    boolean isBoth = segments == 0 && bytes == 0;
    return isBoth
        ? NONE
        : new LogRetention(
            segments == 0 ? Integer.MAX_VALUE : segments, bytes == 0 ? Long.MAX_VALUE : bytes);
  }

  /// True if anything is kept.
  public boolean isOn() {
    return segments > 0 && bytes > 0;
  }

  /// True if so many may be kept.
  boolean allows(int keptSegments, long keptBytes) {
    return keptSegments <= segments && keptBytes <= bytes;
  }
}
