package io.atlaskv.redis.command.bitmap;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// How BITOP combines strings.
enum BitOperation {
  AND,
  OR,
  XOR,
  NOT;

  private final Keyword word = Keyword.of(name());

  /// The operation that argument `i` names, or null.
  static @Nullable BitOperation named(Args args, int i) {
    for (BitOperation operation : values()) {
      if (args.is(i, operation.word)) {
        return operation;
      }
    }
    return null;
  }

  /// Combines `bytes` bytes of `source` into those of `target`.
  void apply(
      MemorySegment target, long targetOffset, MemorySegment source, long offset, long bytes) {
    long at = 0;
    for (; at + Long.BYTES <= bytes; at += Long.BYTES) {
      long old = target.get(Layouts.LE_LONG, targetOffset + at);
      long other = source.get(Layouts.LE_LONG, offset + at);
      target.set(Layouts.LE_LONG, targetOffset + at, combine(old, other));
    }
    for (; at < bytes; at++) {
      byte old = target.get(Layouts.BYTE, targetOffset + at);
      byte other = source.get(Layouts.BYTE, offset + at);
      target.set(Layouts.BYTE, targetOffset + at, (byte) combine(old, other));
    }
  }

  private long combine(long old, long other) {
    return switch (this) {
      case AND -> old & other;
      case OR -> old | other;
      case XOR -> old ^ other;
      case NOT -> ~other;
    };
  }
}
