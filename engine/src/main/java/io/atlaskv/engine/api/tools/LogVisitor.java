package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.Bytes;
import java.util.UUID;

/// Is told what lies in log segments, in the order of the files. All that is asked for is called by
/// the thread that asks.
public interface LogVisitor {
  /// A segment begins.
  void segment(Segment segment);

  /// An intact group.
  void group(Group group);

  /// An operation of the group before; only if `wantsOperations`.
  default void operation(Operation operation) {}

  /// A place in the segment at which groups end, or stop for a while.
  void gap(Gap gap);

  /// Whether operations are to be told.
  default boolean wantsOperations() {
    return false;
  }

  /// A log segment.
  ///
  /// @param bytes size of the file
  /// @param damage what is wrong with its header; empty if nothing is
  record Segment(String file, long number, UUID storeUuid, long bytes, String damage) {}

  /// What groups are for.
  enum GroupKind {
    /// Has batches.
    BATCHES,
    /// The log was closed here.
    SEAL,
    /// All before was safe.
    MARK,
    /// The log goes on in the next segment.
    NEXT
  }

  /// What one write put into a segment.
  ///
  /// @param bytes size in the file
  /// @param firstSequence of its first operation, or the one that comes next if it has none
  /// @param lastSequence of its last operation
  /// @param durableThrough every sequence up to here was safe when it was written
  /// @param timeMillis when it was written, milliseconds since 1970
  record Group(
      String file,
      long offset,
      long bytes,
      GroupKind kind,
      int batches,
      long firstSequence,
      long lastSequence,
      long durableThrough,
      long timeMillis) {}

  /// One operation of a batch.
  ///
  /// @param sequence its sequence; 0 for counters, which take none
  /// @param key key, or start of a range; empty for a counter
  /// @param value value, end of a range, or nothing
  /// @param counter what a counter operation changes, as `namespace/counter +delta`; empty for
  ///   others
  /// @param expiresAtMillis when the value expires, milliseconds since 1970; −1 if it does not
  record Operation(
      String file,
      long sequence,
      String kind,
      Bytes key,
      Bytes value,
      String counter,
      long expiresAtMillis) {}

  /// A place without an intact group.
  ///
  /// @param isDamaged whether a group was written there, and is damaged
  /// @param detail why there is none
  /// @param nextOffset offset of the next intact group of the segment; −1 if there is none
  record Gap(String file, long offset, boolean isDamaged, String detail, long nextOffset) {}
}
