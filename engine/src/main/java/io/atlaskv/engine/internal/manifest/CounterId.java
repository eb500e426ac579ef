package io.atlaskv.engine.internal.manifest;

/// Names one persistent counter of one namespace.
///
/// @param namespace namespace id, unsigned
/// @param counter number of the counter within the namespace, 0 to 255
public record CounterId(int namespace, int counter) {
  public CounterId {
    if (counter < 0 || counter > 0xff) {
      throw new IllegalArgumentException("counter=" + counter);
    }
  }
}
