package io.atlaskv.engine.internal.compaction;

import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// What becomes of values that a compaction would keep and that no snapshot sees. One for each job;
/// one thread at a time.
public interface ValueFilter {
  /// Answer: the value stays. Told by its identity.
  byte[] KEEP = new byte[0];

  /// Keeps all.
  ValueFilter NONE =
      new ValueFilter() {
        @Override
        public boolean asks() {
          return false;
        }

        @Override
        public byte[] filter(
            byte[] key, int keyLength, MemorySegment value, long valueOffset, int valueLength) {
          return KEEP;
        }
      };

  /// Whether it wants to see any value at all.
  default boolean asks() {
    return true;
  }

  /// `KEEP`, null for a deletion, or the new value.
  ///
  /// @param key the first `keyLength` bytes are the full key; not to be kept
  byte @Nullable [] filter(
      byte[] key, int keyLength, MemorySegment value, long valueOffset, int valueLength);
}
