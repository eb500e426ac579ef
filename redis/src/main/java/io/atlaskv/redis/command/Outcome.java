package io.atlaskv.redis.command;

/// How a run of a command ended.
public enum Outcome {
  /// The reply is complete, the batch may be committed.
  DONE,
  /// Something has to be read from disk: run again when it is here.
  NEEDS_BLOCKS,
  /// It is too much work for an event loop: run again on a worker, with reads that may block.
  NEEDS_WORKER,
  /// The store has no room now: run again when it has made progress.
  NEEDS_ROOM,
  /// Nothing can be said yet: run again when the store has made progress, at the latest when the
  /// time of `Context.waitUpTo` is over.
  WAITS,
  /// Commit the batch, drop the reply, let others have their turn, then run again.
  NEXT_SLICE
}
