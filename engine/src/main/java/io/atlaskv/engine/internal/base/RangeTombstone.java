package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.Bytes;

/// A deletion of all keys `start <= key < end` that are older than `sequence`.
public record RangeTombstone(Bytes start, Bytes end, long sequence) {
  public RangeTombstone {
    if (start.compareTo(end) >= 0) {
      throw new IllegalArgumentException("empty range: start=" + start + " end=" + end);
    }
    if (!SequenceNumber.isValid(sequence)) {
      throw new IllegalArgumentException("sequence=" + sequence);
    }
  }
}
