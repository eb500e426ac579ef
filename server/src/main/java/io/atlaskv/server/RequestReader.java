package io.atlaskv.server;

import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;

/// Reads the requests of one connection in place, one at a time, and goes on where it stopped when
/// more bytes are here.
///
/// Positions are relative to the first byte of the request, which may be moved between calls.
interface RequestReader {
  /// The request is complete; `end` is where the next one starts.
  int COMPLETE = 1;

  /// More bytes are needed, at least `missing` of them.
  int INCOMPLETE = 0;

  /// `error` says what is wrong; nothing after it can be understood.
  int BROKEN = -1;

  /// From now on no longer argument is taken.
  default void bulkBytesMax(int bytes) {}

  /// Whether short requests only are taken, as from someone who has not said a password yet.
  default void takesShortOnly(boolean isShortOnly) {}

  /// Reads on in `[from, to)`; `from` is the first byte of the request.
  int parse(MemorySegment memory, int from, int to);

  /// Where the complete request ends, relative to its start.
  int end();

  /// At least so many bytes more are needed.
  int missing();

  /// What is wrong, without a code word.
  String error();

  /// Hands out the request that is complete. The next call begins a new one, in `spare`.
  Args take(Args spare);

  /// The next call begins a new request.
  void reset();
}
