package io.atlaskv.redis.data;

/// The store has no room for what a command needs before it can go on: nothing was done, run it
/// again when the store has made progress. Control flow, without a stack.
public final class NeedsRoom extends RuntimeException {
  /// The only one.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final NeedsRoom INSTANCE = new NeedsRoom();

  private static final long serialVersionUID = 1L;

  private NeedsRoom() {
    super("no room", null, false, false);
  }
}
